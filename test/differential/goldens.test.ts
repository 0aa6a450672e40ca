import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../scripts/differential/bench.ts";
import { commandLine } from "../../scripts/differential/cases.ts";
import { eachOf } from "../../scripts/differential/parallel.ts";
import { DirectRoad } from "../../scripts/differential/road.ts";
import { type Golden, type GoldenHeader, kept, readGoldens } from "../../scripts/goldens/golden.ts";

const files = await readGoldens("test/goldens");
const COMMANDS_AT_A_TIME = 8;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open({ world: "test/differential/worlds" });
});
afterAll(() => bench.close());

/** Always about the viewer, or handed over for other reasons that docs/gh.md tells. */
const neverAnswered = new Set(["issue-status", "pr-status", "search-code", "search-commits", "search-repos", "other"]);

describe("what is not handed to the real gh is answered with gh 2.46's own bytes and exit code", () => {
  for (const { name, header, goldens } of files) {
    test(name, { timeout: 120_000 }, async () => {
      const outcomes = await eachOf(goldens, COMMANDS_AT_A_TIME, (golden) => compare(golden, header));
      expect(outcomes.filter((each) => typeof each === "object")).toEqual([]);
      if (!neverAnswered.has(name)) expect(outcomes).toContain("identical");
    });
  }
});

interface Difference {
  command: string;
  expected: Pick<Golden, "stdout" | "exitCode" | "stderr">;
  received: Pick<Golden, "stdout" | "exitCode" | "stderr">;
}

async function compare(golden: Golden, header: GoldenHeader): Promise<Difference | "identical" | "native"> {
  const { cold } = await new DirectRoad(bench, header.gh).ask(golden, Date.parse(header.recorded));
  if (cold.native !== undefined) return "native";
  const { stdout, stderr, exitCode } = cold.answer;
  const received = { stdout: kept(stdout), exitCode, stderr: stderr !== "" };
  const expected = { stdout: golden.stdout, exitCode: golden.exitCode, stderr: golden.stderr };
  if (JSON.stringify(received) === JSON.stringify(expected)) return "identical";
  return { command: commandLine(golden), expected, received };
}
