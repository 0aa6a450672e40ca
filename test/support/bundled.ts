/**
 * The command line in a bundle, as users have it, made anew for each run of the tests: it starts in half of the
 * processor's time that its sources take, and tests start it some five hundred times.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the bundled entry. */
    readonly octopool: string;
  }
}

const root = join(import.meta.dirname, "../..");
// Inside of the tree, where the bundle finds the keyring's library.
const cache = join(root, "node_modules/.cache");

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, "octopool-bundled-"));
  await promisify(execFile)(process.execPath, [join(root, "scripts/build.ts"), "--out", directory, "--client"]);
  provide("octopool", join(directory, "octopool.cjs"));
  return () => rm(directory, { recursive: true, force: true, maxRetries: 3 });
}
