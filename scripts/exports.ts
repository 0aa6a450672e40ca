/**
 * Three rules for exports. A type's name is exported once, so that a name means one thing in the whole tree. An export
 * has an importer, in the tree or in its tests: a name that only its own file uses is not exported. One that only tests
 * import has a reason, in a table.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { forTests } from "./exports-for-tests.ts";

export const parts: readonly string[] = ["cli", "daemon", "relay-worker", "shared", "scripts", "test"];

/** Imported by tools that are not of the tree (wrangler, drizzle, esbuild, vitest, workerd), or writing modules. */
const entries: readonly string[] = [
  "relay-worker/index.ts",
  "relay-worker/web/proxy.ts",
  "relay-worker/db/drizzle.config.ts",
  "relay-worker/coordinator/drizzle.config.ts",
  "test/relay-worker/bench/team.ts",
  "test/relay-worker/bench/worker.ts",
  "scripts/goldens/usage.ts",
  "scripts/goldens/widths.ts",
  "test/support/sequencer.ts",
];

interface Exported {
  readonly name: string;
  readonly isType: boolean;
}

const declaration =
  /^export (?:declare |abstract |async )*(type|interface|class|enum|function\*?|const|let) ([A-Za-z_$][\w$]*)/gm;
const named = /^(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*["'](\.{1,2}\/[^"']+)["']/gm;
const whole = /(?:\*(?:\s+as\s+[\w$]+)?\s+from\s*|\btypeof\s+import\s*\(\s*)["'](\.{1,2}\/[^"']+)["']/g;
/** With the names of `const { a } = await import()`, of `(await import()).a`, or of a type, `import().A`. */
const late =
  /(?:\{([^{}]*)\}\s*=\s*(?:\(?\s*await\s+))?(?<!typeof\s)\bimport\s*\(\s*["'](\.{1,2}\/[^"']+)["']\s*\)(?:\)?\.([\w$]+))?/g;

/** `name: file, file` for each type's name that more than one file exports. */
export function namesExportedTwice(root: string): string[] {
  const files = new Map<string, string[]>();
  for (const [file, source] of sourcesOf(root))
    for (const { name, isType } of exportsOf(source)) if (isType) files.set(name, [...(files.get(name) ?? []), file]);
  return [...files]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => `${name}: ${places.join(", ")}`)
    .sort();
}

/** `file: name` for each export that no other file imports. */
export function exportsWithoutImporter(root: string): string[] {
  return importersIn(root).flatMap(({ each, importers }) => (importers.length > 0 ? [] : [each]));
}

/**
 * `file: name` for each export that only tests import and that the table does not have, and for each line of the table
 * that is not so, or stands there twice.
 */
export function exportsForTests(root: string, table = forTests): Record<"unlisted" | "outdated", string[]> {
  const isTest = (file: string) => file.startsWith("test/");
  const found = importersIn(root).flatMap(({ each, importers }) =>
    !isTest(each) && importers.length > 0 && importers.every(isTest) ? [each] : [],
  );
  const listed = Object.values(table).flatMap((files) =>
    Object.entries(files).flatMap(([file, names]) => names.split(" ").map((name) => `${file}: ${name}`)),
  );
  return {
    unlisted: found.filter((each) => !listed.includes(each)),
    outdated: listed.filter((each, index) => !found.includes(each) || listed.indexOf(each) !== index),
  };
}

/** Each export as `file: name`, with the files that import it. */
function importersIn(root: string): { readonly each: string; readonly importers: readonly string[] }[] {
  const sources = sourcesOf(root);
  const imports = sources.flatMap(([file, source]) =>
    importsOf(file, source).map(([target, name]) => ({ file, of: `${target}: ${name}` })),
  );
  const importers = Map.groupBy(imports, ({ of }) => of);
  return sources
    .filter(([file]) => !entries.includes(file))
    .flatMap(([file, source]) =>
      exportsOf(source).map(({ name }) => ({
        each: `${file}: ${name}`,
        importers: [name, "*"].flatMap((of) => importers.get(`${file}: ${of}`)?.map((by) => by.file) ?? []),
      })),
    );
}

function exportsOf(source: string): Exported[] {
  return [...source.matchAll(declaration)].map(([, kind = "", name = ""]) => ({
    name,
    isType: /^(?:type|interface|class|enum)$/.test(kind),
  }));
}

/** Files and names that a file imports or passes on; `*` for all names. */
function importsOf(file: string, source: string): [file: string, name: string][] {
  const target = (specifier: string) => posix.normalize(posix.join(posix.dirname(file), specifier));
  const listed = (list: string, specifier: string) =>
    list.split(",").flatMap((each): [string, string][] => {
      const name = /^\s*(?:type\s+)?([\w$]+)/.exec(each)?.[1];
      return name === undefined ? [] : [[target(specifier), name]];
    });
  const names = [...source.matchAll(named)].flatMap(([, list = "", specifier = ""]) => listed(list, specifier));
  const lately = [...source.matchAll(late)].flatMap(([, list, specifier = "", member]) =>
    listed(list ?? (member === "then" ? undefined : member) ?? wordsOf(source), specifier),
  );
  const all = [...source.matchAll(whole)].map(([, specifier = ""]): [string, string] => [target(specifier), "*"]);
  return [...names, ...lately, ...all];
}

/** A module that is handed on: any name that the file mentions may be taken of it. */
function wordsOf(source: string): string {
  return [...new Set(source.replace(/["']\.{1,2}\/[^"']+["']/g, "").match(/[\w$]+/g))].join();
}

function sourcesOf(root: string): [file: string, source: string][] {
  return parts.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:tsx?|m?js)$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.split(sep).some((part) => part === "migrations" || part === "node_modules"))
      .sort()
      .map((path): [string, string] => [relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  const twice = namesExportedTwice(root);
  const unused = exportsWithoutImporter(root);
  const { unlisted, outdated } = exportsForTests(root);
  for (const each of twice) console.error(`A type's name is exported twice, ${each}. Rename one of them.`);
  for (const each of unused) console.error(`Nothing imports ${each}. Drop the export keyword, or the declaration.`);
  const table = join("scripts", "exports-for-tests.ts");
  for (const each of unlisted)
    console.error(
      `Only tests import ${each}. Let them use the exports of the product, or give the reason in ${table}.`,
    );
  for (const each of outdated) console.error(`${table} is wrong about ${each}. Delete it there.`);
  process.exitCode = twice.length + unused.length + unlisted.length + outdated.length > 0 ? 1 : 0;
}
