/** The modules of a daemon's own file: an idle one has no others in memory. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { lazyChunks } from "../../scripts/chunks.ts";

const root = join(import.meta.dirname, "../..");

/** Modules in the file that is made of this text. */
async function modulesIn(contents: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@napi-rs/keyring"],
    logLevel: "silent",
    plugins: [lazyChunks("daemon.cjs")],
  });
  return Object.keys(metafile.inputs);
}

test("an idle daemon has neither the engine nor the libraries that only work needs", async () => {
  const modules = await modulesIn('export * from "./daemon/main.ts"');
  const heavy = /^node_modules\/(zod|undici|graphql)\/|^daemon\/gh\/(?!versions)/;
  expect(modules.filter((module) => heavy.test(module))).toEqual([]);
  expect(modules.length).toBeGreaterThan(50);
});

test("a module that it imports late, and that is in no file of its own, is an error of the build", async () => {
  const late = 'export const later = () => import("./daemon/gh/cost/price.ts")';
  await expect(modulesIn(late)).rejects.toThrow("daemon/gh/cost/price.ts is imported late, but is in no chunk");
});
