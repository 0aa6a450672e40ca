import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../scripts/differential/bench.ts";
import { commandLine } from "../../scripts/differential/cases.ts";
import { readCounts } from "../../scripts/differential/eras.ts";
import { eachOf } from "../../scripts/differential/parallel.ts";
import { DirectPath } from "../../scripts/differential/read-path.ts";
import { countsOf, type Golden, type GoldenFile, keptOf, readGoldens } from "../../scripts/goldens/golden.ts";

const eras = ["2.46", "2.96"] as const;
const commandsAtATime = 8;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open({ world: "test/differential/worlds" });
});
afterAll(() => bench.close());

for (const era of eras) {
  const files = await readGoldens(`test/goldens/${era}`);

  describe(`gh's own bytes and exit code, of the era since ${era}`, () => {
    for (const { name, header, goldens } of files) {
      test(`${name}: each answered command is answered still, with the same bytes`, {
        timeout: 120_000,
      }, async () => {
        const wrong = await eachOf(goldens, commandsAtATime, (golden) => compare(golden, header));
        expect(wrong.filter((each) => each !== undefined)).toEqual([]);
      });
    }

    test("has as many cases and answers as are committed", async () => {
      const all = files.flatMap(({ goldens }) => goldens);
      const committed = await readCounts(`test/goldens/${era}`);
      expect(countsOf(all, committed?.unsteadyNative ?? 0)).toEqual(committed);
      expect(all.length).toBeGreaterThan(1700);
      // Few are native without a row of the compatibility table.
      expect((committed?.avoidableNative ?? 0) / all.length).toBeLessThanOrEqual(0.07);
    });
  });
}

interface Difference {
  command: string;
  expected: object;
  received: object | string;
}

async function compare(golden: Golden, header: GoldenFile["header"]): Promise<Difference | undefined> {
  const now = Date.parse(golden.recorded ?? header.recorded);
  const cold = await new DirectPath(bench, header.gh).askCold(golden, now);
  const expected = { stdout: golden.stdout, exitCode: golden.exitCode, stderr: golden.stderr };
  const received = cold.native === undefined ? keptOf(cold.answer) : cold.native;
  if (typeof received === "string" && !golden.answered) return undefined;
  if (isDeepStrictEqual(received, expected)) return undefined;
  return { command: commandLine(golden), expected, received };
}
