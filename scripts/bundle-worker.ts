/** Bundles the Worker as wrangler does for a deployment, for the runtime that tests and demos start themselves. */
import { resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/** How any Worker is bundled for workerd. */
export const workerBundle = {
  bundle: true,
  format: "esm",
  target: "es2024",
  conditions: ["workerd", "worker", "browser"],
  mainFields: ["browser", "module", "main"],
  external: ["cloudflare:*", "node:*"],
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  logLevel: "warning",
} satisfies BuildOptions;

/** Writes `dist/relay.mjs`. */
export async function bundleWorker(): Promise<void> {
  await bundle(resolve(root, "dist/relay.mjs"));
}

/** Writes the relay's module for a Node, which can load it and ask its `fetch`, but has no objects of workerd. */
export async function bundleForNode(outfile: string): Promise<void> {
  await bundle(outfile, [withoutWorkerd]);
}

async function bundle(outfile: string, plugins: Plugin[] = []): Promise<void> {
  await build({ ...workerBundle, entryPoints: [resolve(root, "relay-worker/index.ts")], outfile, plugins });
}

const withoutWorkerd: Plugin = {
  name: "no workerd here",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:workers$/ }, () => ({ path: "runtime", namespace: "stub" }));
    onLoad({ filter: /.*/, namespace: "stub" }, () => ({ contents: runtimeStub }));
  },
};

const runtimeStub = "export class DurableObject {} export class WorkerEntrypoint {} export const env = {};";
