/**
 * The programs that tests start most, in bundles that are made anew for each run: a bundle starts in half of the
 * processor's time that its sources take, and tests start each some hundreds of times.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the command line's entry, as it is installed. */
    readonly octopool: string;
    /** Path of the program with the test's engine (`test/daemon/support/octopool.ts`); none: its source runs. */
    readonly testOctopool: string | undefined;
  }
}

const root = join(import.meta.dirname, "../..");
// Inside of the tree, where the bundle finds the keyring's library.
const cache = join(root, "node_modules/.cache");

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, "octopool-bundled-"));
  await Promise.all([
    promisify(execFile)(process.execPath, [join(root, "scripts/build.ts"), "--out", directory, "--client"]),
    bundleTestOctopool(join(directory, "test")),
  ]);
  provide("octopool", join(directory, "octopool.cjs"));
  provide("testOctopool", join(directory, "test/octopool.mjs"));
  return () => rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

async function bundleTestOctopool(outdir: string): Promise<void> {
  await build({
    entryPoints: [join(root, "test/daemon/support/octopool.ts")],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // A module behind import() is loaded as late as from the sources.
    splitting: true,
    format: "esm",
    platform: "node",
    define: { OCTOPOOL_TEST_COMPILED: JSON.stringify(join(outdir, "compiled")) },
    external: ["@napi-rs/keyring"],
    // For libraries that are no ES modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
}
