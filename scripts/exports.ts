/**
 * Two rules for exports. A type's name is exported once in what users run, so that a name means one thing in the whole
 * tree. An export has an importer, in the tree or in its tests: what only its own file uses is not exported.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Held to both rules; scripts and tests to the second. */
export const shippedParts: readonly string[] = ["cli", "daemon", "relay-worker", "shared"];
const allParts: readonly string[] = [...shippedParts, "scripts", "test"];

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

/** The Worker has a type check of its own: the test of its figures imports its constants by address. */
const byAddress = /\b(?:constant|settings)\(\s*"([^"]+)",\s*"([^"]+)"|\bmoduleOf\("([^"]+)"\)\)\.([\w$]+)/g;

/** `name: file, file` for each type's name that more than one file exports. */
export function namesExportedTwice(root: string): string[] {
  const files = new Map<string, string[]>();
  for (const [file, source] of sourcesOf(root, shippedParts))
    for (const { name, isType } of exportsOf(source)) if (isType) files.set(name, [...(files.get(name) ?? []), file]);
  return [...files]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => `${name}: ${places.join(", ")}`)
    .sort();
}

/** `file: name` for each export that no other file imports. */
export function exportsWithoutImporter(root: string): string[] {
  const imported = new Map<string, Set<string>>();
  for (const [file, source] of sourcesOf(root, allParts))
    for (const [target, name] of importsOf(file, source))
      imported.set(target, (imported.get(target) ?? new Set()).add(name));
  return sourcesOf(root, allParts)
    .filter(([file]) => !entries.includes(file))
    .flatMap(([file, source]) => {
      const names = imported.get(file);
      if (names?.has("*")) return [];
      return exportsOf(source).flatMap(({ name }) => (names?.has(name) ? [] : [`${file}: ${name}`]));
    });
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
  const addressed = [...source.matchAll(byAddress)].map(
    ([, file = "", name = "", module = file, member = name]): [string, string] => [`relay-worker/${module}`, member],
  );
  return [...names, ...lately, ...all, ...addressed];
}

/** A module that is handed on: any name that the file mentions may be taken of it. */
function wordsOf(source: string): string {
  return [...new Set(source.replace(/["']\.{1,2}\/[^"']+["']/g, "").match(/[\w$]+/g))].join();
}

function sourcesOf(root: string, parts: readonly string[]): [file: string, source: string][] {
  return parts.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:tsx?|m?js)$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes(`${sep}migrations${sep}`))
      .sort()
      .map((path): [string, string] => [relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  const twice = namesExportedTwice(root);
  const unused = exportsWithoutImporter(root);
  for (const each of twice) console.error(`A type's name is exported twice, ${each}. Rename one for what it is.`);
  for (const each of unused) console.error(`Nothing imports ${each}. Drop the export keyword, or the declaration.`);
  process.exitCode = twice.length + unused.length > 0 ? 1 : 0;
}
