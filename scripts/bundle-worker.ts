/** Bundles the Worker as wrangler does for a deployment, for the runtime that tests and demos start themselves. */
import { resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";

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
  await build({
    entryPoints: [resolve(root, "relay-worker/index.ts")],
    outfile: resolve(root, "dist/relay.mjs"),
    ...workerBundle,
  });
}
