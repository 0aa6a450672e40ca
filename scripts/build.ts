/**
 * Bundles what users run. The entry is as small as it can be: everything that a warm read does not need is a file of
 * its own, required when it is needed.
 */
import { chmodSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Chunks, by their source. An import() of the source becomes a require of the chunk. */
const chunks: Readonly<Record<string, string>> = {
  "cli/program.ts": "cli.cjs",
  "cli/shim/start-daemon.ts": "start-daemon.cjs",
  "cli/shim/hand-over.ts": "hand-over.cjs",
  "daemon/main.ts": "daemon.cjs",
  "daemon/embedded.ts": "embedded.cjs",
  "daemon/gh/index.ts": "gh.cjs",
  "daemon/relay/client.ts": "relay-client.cjs",
};

const lazyChunks: Plugin = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const chunk = chunks[resolve(resolveDir, path).slice(root.length)];
      return chunk === undefined ? undefined : { path: `./${chunk}`, external: true };
    });
  },
};

const { version } = JSON.parse(await readFile(resolve(root, "package.json"), "utf8"));

async function bundle(source: string, output: string): Promise<void> {
  await build({
    entryPoints: [resolve(root, source)],
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
    define: { OCTOPOOL_VERSION: JSON.stringify(version), "import.meta.url": "undefined" },
    plugins: [lazyChunks],
    external: ["@napi-rs/keyring"],
    banner: output === "octopool.cjs" ? { js: "#!/usr/bin/env node" } : {},
  });
}

rmSync(resolve(root, "dist"), { recursive: true, force: true });
const entry = "octopool.cjs";
await bundle("cli/main.ts", entry);
await Promise.all(Object.entries(chunks).map(([source, output]) => bundle(source, output)));
chmodSync(resolve(root, "dist", entry), 0o755);
if (process.stdout.isTTY) process.stdout.write(`dist/${basename(entry)} and ${Object.keys(chunks).length} chunks\n`);
