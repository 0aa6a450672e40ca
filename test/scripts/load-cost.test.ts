/** Programs do not pay while they load for parts that most calls never use. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { workerBundle } from "../../scripts/bundle-worker.ts";
import { chunks } from "../../scripts/chunks.ts";

const root = join(import.meta.dirname, "../..");
const work = (chunks["work.cjs"] ?? []).map((module) => `export * from "./${module}";`).join("\n");

/** The modules that programs load first. */
const programs = {
  relay: 'export * from "./relay-worker/index.ts"',
  cli: 'export * from "./cli/program.ts"',
  daemon: 'export * from "./daemon/main.ts"',
  "the daemon's work": work,
  "a command without a daemon": 'export * from "./daemon/embedded.ts"',
};

const workerd = "export class DurableObject {} export class WorkerEntrypoint {} export const env = {};";

async function bundled(contents: string, outfile: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...(contents === programs.relay ? workerBundle : { bundle: true, platform: "node", format: "esm" }),
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    outfile,
    metafile: true,
    logLevel: "silent",
    external: ["@napi-rs/keyring", "node:*"],
    plugins: [
      {
        name: "no workerd here",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^cloudflare:workers$/ }, () => ({ path: "runtime", namespace: "stub" }));
          onLoad({ filter: /.*/, namespace: "stub" }, () => ({ contents: workerd }));
        },
      },
    ],
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([module, { bytesInOutput }]) => (bytesInOutput > 0 ? [module] : [])),
  );
}

/** Loads a module and prints the names of the languages' tools that it made. */
const load = `
  const made = [];
  for (const name of Object.getOwnPropertyNames(Intl).filter((each) => typeof Intl[each] === "function"))
    Intl[name] = new Proxy(Intl[name], {
      construct: (target, args) => (made.push(name), Reflect.construct(target, args)),
    });
  await import(process.argv[1]);
  process.stdout.write(JSON.stringify(made), () => process.exit());`;

test.each(Object.entries(programs))("%s loads without a language's tools and messages", async (_, contents) => {
  const directory = await mkdtemp(join(tmpdir(), "octopool-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "program.mjs");
  const modules = await bundled(contents, file);
  expect(modules.length).toBeGreaterThan(50);
  expect(modules.filter((module) => /\/locales\/(?!en\b|index\b)/.test(module))).toEqual([]);
  const made = execFileSync(process.execPath, ["--input-type=module", "-e", load, file], { encoding: "utf8" });
  expect(JSON.parse(made)).toEqual([]);
});
