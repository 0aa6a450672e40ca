/**
 * Bundles what users run. The entry is as small as it can be: everything that a warm read does not need is a file of
 * its own, required when it is needed.
 */
import { chmodSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { bundleWorker } from "./bundle-worker.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Chunks: the modules that are asked for by import() and what they export together. */
const chunks: Readonly<Record<string, readonly string[]>> = {
  "cli.cjs": ["cli/program.ts"],
  "start-daemon.cjs": ["cli/shim/start-daemon.ts"],
  "hand-over.cjs": ["cli/shim/find-gh.ts", "cli/shim/hand-over.ts", "cli/shim/mark-write.ts"],
  // One file for both, so that daemon, engine and reader share one copy of their error types.
  "daemon.cjs": ["daemon/main.ts", "daemon/embedded.ts"],
  "keyring-child.cjs": ["shared/settings/credentials/keyring-child.ts"],
  "jq-worker.cjs": ["daemon/gh/jq/worker.ts"],
};

const chunkOf = new Map(Object.entries(chunks).flatMap(([chunk, sources]) => sources.map((source) => [source, chunk])));

const lazyChunks: Plugin = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const chunk = chunkOf.get(resolve(resolveDir, path).slice(root.length));
      return chunk === undefined ? undefined : { path: `./${chunk}`, external: true };
    });
  },
};

const { version } = JSON.parse(await readFile(resolve(root, "package.json"), "utf8"));

async function bundle(sources: readonly string[], output: string): Promise<void> {
  await build({
    stdin: {
      contents: sources.map((source) => `export * from ${JSON.stringify(`./${source}`)};`).join("\n"),
      resolveDir: root,
      sourcefile: output,
    },
    outfile: resolve(root, "dist", output),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    // An import() that stays in a bundle must load as late as it was written, and from a plain require.
    supported: { "dynamic-import": false },
    define: {
      OCTOPOOL_VERSION: JSON.stringify(version),
      "import.meta.dirname": "__dirname",
      "import.meta.url": "__filename",
    },
    plugins: [lazyChunks],
    external: ["@napi-rs/keyring"],
    banner: output === "octopool.cjs" ? { js: "#!/usr/bin/env node" } : {},
  });
}

const entry = "octopool.cjs";
await bundle(["cli/main.ts"], entry);
await Promise.all([bundleWorker(), ...Object.entries(chunks).map(([output, sources]) => bundle(sources, output))]);
chmodSync(resolve(root, "dist", entry), 0o755);
// jq looks for its own program beside its script.
await copyFile(resolve(root, "node_modules/jq-web/jq.wasm"), resolve(root, "dist/jq.wasm"));
if (process.stdout.isTTY) process.stdout.write(`dist/${basename(entry)} and ${Object.keys(chunks).length} chunks\n`);
