/** Bundles the Worker as wrangler does for a deployment, for the runtime that tests and demos start themselves. */
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/** Writes `dist/relay.mjs`. */
export async function bundleWorker(): Promise<void> {
  await build({
    entryPoints: [resolve(root, "relay-worker/index.ts")],
    outfile: resolve(root, "dist/relay.mjs"),
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["cloudflare:*", "node:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "warning",
  });
}
