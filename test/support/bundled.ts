/**
 * The programs that tests start most, in bundles that are made anew for each run: a bundle starts in half of the
 * processor's time that its sources take, and tests start each some hundreds of times.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { removeTree } from "./remove-tree.ts";

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
  const test = join(directory, "test");
  await Promise.all([build("--out", directory), build("--out", test, "--program", "test/daemon/support/octopool.ts")]);
  provide("octopool", join(directory, "octopool.cjs"));
  provide("testOctopool", join(test, "octopool.cjs"));
  return () => removeTree(directory);
}

/** As for users: modules of EcmaScript, each a file, took half as long again to start, and `node:http` the most of it. */
function build(...options: readonly string[]) {
  return promisify(execFile)(process.execPath, [join(root, "scripts/build.ts"), "--client", ...options]);
}
