/**
 * Bundles the programs that users run. The entry is as small as it can be: everything that a warm read does not need is
 * a file of its own, required when it is needed.
 */
import { chmodSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundleWorker } from "./bundle-worker.ts";
import { chunks, entry, lazyChunks, native, words } from "./chunks.ts";
import { launcher } from "./launcher.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: {
    out: { type: "string", default: resolve(root, "dist") },
    only: { type: "string", multiple: true },
    client: { type: "boolean", default: false },
    program: { type: "string" },
  },
});

const bundles = { [entry]: [values.program ?? "cli/main.ts"], ...chunks };

const { version } = JSON.parse(await readFile(resolve(root, "package.json"), "utf8"));

async function bundle(sources: readonly string[], outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: sources.map((source) => `export * from ${JSON.stringify(`./${source}`)};`).join("\n"),
      resolveDir: root,
      sourcefile: basename(outfile),
    },
    outfile,
    bundle: true,
    platform: "node",
    // The entry says on any Node that it needs a newer one, and runs the real gh there or says why it is needed.
    target: [entry, native, words].includes(basename(outfile)) ? "node12" : "node22",
    format: "cjs",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    // An import() that stays in a bundle must load as late as it was written, and from a plain require.
    supported: { "dynamic-import": false },
    define: {
      // A test's program says itself which version it is.
      ...(values.program === undefined && { OCTOPOOL_VERSION: JSON.stringify(version) }),
      "import.meta.dirname": "__dirname",
      "import.meta.filename": "__filename",
      "import.meta.url": "__filename",
    },
    plugins: [lazyChunks(outfile)],
    // Its modules, of which most are left out, rather than the one that `require` would get.
    alias: { graphql: resolve(root, "node_modules/graphql/index.mjs") },
    external: ["@napi-rs/keyring"],
    banner: basename(outfile) === entry ? { js: "#!/usr/bin/env node" } : {},
  });
}

/**
 * Everything; or, for tests, some bundles, or all but the Worker, in a directory of their own, or with another program
 * in the entry's place.
 */
async function buildAll(): Promise<void> {
  const wanted = Object.entries(bundles).filter(([output]) => values.only?.includes(output) ?? true);
  const made = wanted.map(([output, sources]) => bundle(sources, resolve(values.out, output)));
  if (values.only) return void (await Promise.all(made));
  await Promise.all([values.client ? undefined : bundleWorker(), ...made]);
  chmodSync(resolve(values.out, entry), 0o755);
  await writeFile(resolve(values.out, "octopool"), launcher(entry));
  chmodSync(resolve(values.out, "octopool"), 0o755);
}

await buildAll();
if (process.stdout.isTTY && process.env.npm_config_loglevel !== "silent")
  process.stdout.write(`${entry} and its chunks are in ${values.out}\n`);
