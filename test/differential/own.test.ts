/** The differential suite over the world of a member with rights: private repositories, drafts, her own lists. */
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Bench } from "../../scripts/differential/bench.ts";
import { readCases } from "../../scripts/differential/cases.ts";
import { compareAll } from "../../scripts/differential/differential.ts";
import { DirectPath } from "../../scripts/differential/read-path.ts";
import { ownWorlds } from "./make/index.ts";

const gh = process.env.OCTOPOOL_GH_PATH ?? "";
const here = import.meta.dirname;

test("the world is as its generator writes it", async () => {
  const written = JSON.parse(await readFile(join(here, "own/own.json"), "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(ownWorlds.own)));
});

test.skipIf(gh === "")(
  "every command of the table prints gh's bytes there, and none is left to gh but those that the table names",
  { timeout: 300_000 },
  async () => {
    const world = await mkdtemp(join(tmpdir(), "octopool-own-world-"));
    const files = (await readdir(join(here, "worlds"))).map((name) => join(here, "worlds", name));
    for (const [index, file] of [...files, join(here, "own/own.json")].entries()) {
      await copyFile(file, join(world, `${index}.json`));
    }
    const bench = await Bench.open({ gh, world });
    const readPath = new DirectPath(bench, await bench.ghVersion(), true);
    try {
      const cases = await readCases(join(here, "own/cases.jsonl"));
      const verdicts = await compareAll(bench, readPath, cases, { concurrency: 3 });
      expect(verdicts.filter(({ different }) => different)).toEqual([]);
      const left = verdicts.filter(({ native, case: each }) => native !== undefined && !each.native);
      expect(left.map(({ command, native }) => [command, native])).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(100);
    } finally {
      await readPath.close();
      await bench.close();
      await rm(world, { recursive: true });
    }
  },
);
