import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { buildWorld, mergeWorlds } from "../github-emulator/index.ts";
import { worldFiles } from "./make/index.ts";

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`worlds/${name}.json`, import.meta.url), "utf8"));

test.each(Object.keys(worldFiles))("the world %s is as its generator writes it", async (name) => {
  expect(await read(name)).toEqual(JSON.parse(JSON.stringify(worldFiles[name])));
});

test("together the worlds are one that can be built", async () => {
  const world = buildWorld(mergeWorlds(await Promise.all(Object.keys(worldFiles).map(read))));
  expect(world.repositories.get("acme/app")?.threads.size).toBeGreaterThan(40);
});
