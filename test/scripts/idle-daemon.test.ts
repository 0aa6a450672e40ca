/** The memory and modules of a daemon before its first command. */
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Files that are loaded with the daemon itself, each with the one that imports it. */
async function loadedWith(entry: string): Promise<ReadonlyMap<string, string>> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: `${import.meta.dirname}/../..`,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    outdir: "nowhere",
    external: ["@napi-rs/keyring"],
    logLevel: "silent",
  });
  const loaded = new Map([[entry, ""]]);
  for (const file of loaded.keys()) {
    for (const { path, kind } of metafile.inputs[file]?.imports ?? []) {
      if (kind !== "dynamic-import" && metafile.inputs[path] && !loaded.has(path)) loaded.set(path, file);
    }
  }
  return loaded;
}

test("an idle daemon has neither the engine nor the libraries that only work needs", async () => {
  const loaded = await loadedWith("daemon/main.ts");
  const heavy = /^node_modules\/(zod|undici|graphql)\/|^daemon\/gh\/(?!versions)/;
  expect([...loaded].filter(([file]) => heavy.test(file)).slice(0, 5)).toEqual([]);
  expect(loaded.size).toBeGreaterThan(50);
});
