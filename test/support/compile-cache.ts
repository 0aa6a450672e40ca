/**
 * Where Node keeps the compiled sources of the programs that tests start; a program that is in it starts in half the
 * time.
 */
import { dirname, join } from "node:path";

export const compileCacheDirectory = join(import.meta.dirname, "../../node_modules/.cache/octopool-tests");

/** For the environment of a program that a test starts. */
export const compileCache = { NODE_COMPILE_CACHE: compileCacheDirectory } as const;

/** Of a bundle, which is another one in each run: beside it, so that it goes with it. */
export const compiledBeside = (bundle: string) => join(dirname(bundle), "compiled");

/** For the environment of a bundle. */
export const compileCacheOf = (bundle: string) => ({ NODE_COMPILE_CACHE: compiledBeside(bundle) });
