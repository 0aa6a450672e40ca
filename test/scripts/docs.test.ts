/** The documentation is true: links lead somewhere, commands exist, written pages are as the code has them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { CommandDefinition } from "../../cli/command.ts";
import { rootCommand } from "../../cli/commands/root.ts";
import { anchorOf } from "../../scripts/docs/anchors.ts";
import { endpoints } from "../../scripts/docs/api-endpoints.ts";
import { errorSentences, reasonSentences } from "../../scripts/docs/api-errors.ts";
import { landingSchema } from "../../scripts/docs/api-schemas.ts";
import { everywhere } from "../../scripts/docs/endpoint.ts";
import { pages as navigation } from "../../scripts/docs/pages.ts";
import { pages as written } from "../../scripts/docs-api.ts";
import { errorTable, fallbackReasons } from "../../shared/errors.ts";

const root = join(import.meta.dirname, "../..");
const docs = join(root, "docs");
const read = (name: string) => readFileSync(join(docs, name), "utf8");
const files = readdirSync(docs).filter((name) => name.endsWith(".md"));
const texts = [...files.map((name) => join("docs", name)), "README.md", "SECURITY.md", "CONTRIBUTING.md"].filter(
  (name) => existsSync(join(root, name)),
);

test("every page is in the navigation, once, and every entry is a page", () => {
  const listed = navigation.flatMap(({ files: entries }) => entries.map(([name]) => `${name}.md`));
  expect(listed.toSorted()).toEqual(files.toSorted());
});

test.each(Object.keys(written))("docs/%s agrees with the code (else: npm run docs:api)", (name) => {
  expect(read(name)).toBe(written[name]?.());
});

const anchorsOf = (text: string) => {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "");
  return new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title)));
};

/** A text without its blocks of code. */
const proseOf = (name: string) => readFileSync(join(root, name), "utf8").replace(/^ *```[\s\S]*?^ *```/gm, "");

/** The matches of a pattern's group in the texts, with the text's name. */
function mentions(pattern: RegExp, textOf: (name: string) => string): (readonly [name: string, found: string])[] {
  const found = texts.flatMap((name) =>
    [...textOf(name).matchAll(pattern)].map(([, each = ""]) => [name, each] as const),
  );
  expect(found).not.toEqual([]);
  return found;
}

test("links lead to files and headings that exist", () => {
  const own = mentions(/\]\(([^)\s]+)\)/g, proseOf).filter(([, target]) => !/^[a-z]+:/i.test(target));
  const broken = own.filter(([name, target]) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? join(root, name) : join(root, name, "..", path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).has(anchor);
  });
  expect(broken).toEqual([]);
});

test("the files that texts name exist", () => {
  const named = mentions(/`((?:cli|daemon|relay-worker|shared|test|scripts|docs)\/[\w./-]*)`/g, proseOf);
  expect(named.filter(([, path]) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(["cli", "daemon", "relay-worker"])("the table of %s names each of its folders, and no other file", (part) => {
  const [, table = ""] =
    new RegExp(`^## Folders of ${part}\n([\\s\\S]*?)^## `, "m").exec(read("architecture.md")) ?? [];
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) => cell.match(/[\w./-]+/g) ?? []);
  expect(named.filter((path) => !existsSync(join(root, part, path)))).toEqual([]);
  const folders = readdirSync(join(root, part), { withFileTypes: true }).filter((each) => each.isDirectory());
  const missing = folders.filter(({ name }) => !named.some((path) => path.startsWith(`${name}/`)));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test("the drawing of one request at the relay names modules that exist", () => {
  const [, drawing = ""] = /^```text\n(POST [\s\S]*?)^```/m.exec(read("relay.md")) ?? [];
  const named = [...drawing.matchAll(/ ([a-z][\w-]*\/[\w./-]*)/g)].map(([, path = ""]) => path);
  expect(named).toContain("guard/");
  expect(named.filter((path) => !existsSync(join(root, "relay-worker", path)))).toEqual([]);
});

test.each(files.filter((name) => !(name in written) && name !== "cli.md"))("docs/%s wraps its prose at 120", (name) => {
  expect(
    proseOf(join("docs", name))
      .split("\n")
      .filter((line) => line.length > 120 && !line.startsWith("|")),
  ).toEqual([]);
});

const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

test("the npm scripts that texts name exist", () => {
  const named = mentions(/npm run ([\w:-]+)/g, (name) => readFileSync(join(root, name), "utf8"));
  expect(named.filter(([, script]) => !(script in scripts))).toEqual([]);
});

/** The definition that a command line ends at, and the rest of the line. */
function resolve(
  words: readonly string[],
  at: CommandDefinition = rootCommand,
): [CommandDefinition, readonly string[]] {
  const [word, ...rest] = words;
  const next = at.subcommands?.find(({ name }) => name === word);
  return next ? resolve(rest, next) : [at, words];
}

describe("commands of octopool in the pages", () => {
  const lines = texts.flatMap((name) =>
    [...readFileSync(join(root, name), "utf8").matchAll(/(?:^ *|`)octopool ([a-z][^`\n#]*)/gm)].map(([, line = ""]) =>
      line.trim(),
    ),
  );

  test.each([...new Set(lines)])("octopool %s", (line) => {
    const [definition, rest] = resolve(line.split(/\s+/));
    expect(definition, "is a command").not.toBe(rootCommand);
    if (definition.passThrough) return;
    if (definition.subcommands?.length && !definition.run) expect(rest[0]?.startsWith("-") ?? true).toBe(true);
    const known = (definition.options ?? []).flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
    const used = rest.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
    expect(known).toEqual(expect.arrayContaining(used));
  });
});

/** Dependencies that need no row of docs/decisions.md. */
const unexplained: Readonly<Record<string, string>> = {
  "@types/node": "types of modules that package.json or Node names",
  "@types/markdown-it": "types of modules that package.json or Node names",
};

describe("each dependency", () => {
  const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const declared = Object.keys({ ...devDependencies, ...optionalDependencies });
  /** `a, b (LICENCE), c (LICENCE)`: a licence is that of all names since the last one. */
  const explained = [...read("decisions.md").matchAll(/^\| [^|]+ \| ([^|]+\([^|]+\)[^|]*) \| [^|]+ \|$/gm)].flatMap(
    ([, cell = ""]) =>
      [...cell.matchAll(/([^()]+) \(([^)]+)\)/g)].flatMap(([, names = "", licence = ""]) =>
        names
          .split(", ")
          .filter((name) => name !== "")
          .map((name) => [name, licence] as const),
      ),
  );

  test("has its row in docs/decisions.md, and every row a dependency", () => {
    const wanted = declared.filter((name) => !(name in unexplained));
    expect(explained.map(([name]) => name).toSorted()).toEqual(wanted.toSorted());
  });

  test.for(explained)("%s is under %s", ([name, licence], { skip }) => {
    const file = join(root, "node_modules", name, "package.json");
    skip(!existsSync(file) && name in optionalDependencies, "another platform's, which is not installed here");
    expect(JSON.parse(readFileSync(file, "utf8")).license).toBe(licence);
  });
});

/** By address: the Worker has a type check of its own, with Cloudflare's types. */
const worker = (file: string): Promise<unknown> => import(pathToFileURL(join(root, "relay-worker", file)).href);

interface App {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  request(path: string, init: RequestInit, env: object): Promise<Response>;
}

async function appOfWorker(): Promise<App> {
  const exported = z.object({ createApp: z.custom<(deps: object) => App>() }).parse(await worker("app.ts"));
  return exported.createApp({});
}

describe("the API's page", () => {
  const listed = Object.values(endpoints).flat();
  let app: App;

  // Every module of the Worker is transformed first, which a busy machine needs many seconds for.
  beforeAll(async () => {
    app = await appOfWorker();
  });

  /**
   * The source is searched, as no list of the codes and reasons that the Worker may send exists: each is where it is
   * thrown, and to bring about every one of them by requests would be a second suite.
   */
  const sources = readdirSync(join(root, "relay-worker"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/migrations|bundled|web\/(error-page\.tsx|proxy\.ts)$/.test(name))
    .map((name) => readFileSync(join(root, "relay-worker", name), "utf8"))
    .join("\n");
  const inWorker = (word: string) => sources.includes(`"${word}"`);

  test("names every route of the Worker, and none that is not there", () => {
    const served = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
    expect(listed.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([...new Set(served)].toSorted());
  });

  test("has the meaning of each code that the Worker sends, and lists no other", () => {
    const known = Object.keys(errorTable).filter((code) => code === "fallback_local" || inWorker(code));
    expect(Object.keys(errorSentences).toSorted()).toEqual(known.toSorted());
    const told = new Set<string>([...everywhere, ...listed.flatMap(({ errors }) => errors)]);
    expect([...told].toSorted(), "each of them by some endpoint").toEqual(known.toSorted());
  });

  test("has the meaning of each reason that the Worker gives, and lists no other", () => {
    expect(Object.keys(reasonSentences).toSorted()).toEqual(fallbackReasons.filter(inWorker).toSorted());
  });

  test("has the landing page's answer as the Worker gives it", async () => {
    const landing = await app.request("/", { headers: { accept: "application/json" } }, {});
    expect(landingSchema.strict().parse(await landing.json())).toBeDefined();
  });
});
