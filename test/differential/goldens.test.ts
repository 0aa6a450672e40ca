import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bench } from "../../scripts/differential/bench.ts";
import { commandLine } from "../../scripts/differential/cases.ts";
import { eachOf } from "../../scripts/differential/parallel.ts";
import { type Golden, kept, readGoldens } from "../../scripts/goldens/golden.ts";

const files = await readGoldens("test/goldens");
const COMMANDS_AT_A_TIME = 8;

let clock = 0;
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open({ world: "test/differential/worlds", now: () => clock });
});
afterAll(() => bench.close());

describe("what is not handed to the real gh is answered with gh 2.46's own bytes and exit code", () => {
  for (const { name, header, goldens } of files) {
    it(name, { timeout: 120_000 }, async () => {
      clock = Date.parse(header.recorded);
      const wrong = await eachOf(goldens, COMMANDS_AT_A_TIME, differenceOf);
      expect(wrong.filter((each) => each !== undefined)).toEqual([]);
    });
  }
});

interface Difference {
  command: string;
  expected: Pick<Golden, "stdout" | "exitCode" | "stderr">;
  received: Pick<Golden, "stdout" | "exitCode" | "stderr">;
}

async function differenceOf(golden: Golden): Promise<Difference | undefined> {
  const outcome = await bench.askOctopool(golden, bench.coldReader(golden));
  if (outcome.native !== undefined) return undefined;
  const { stdout, stderr, exitCode } = outcome.answer;
  const received = { stdout: kept(stdout), exitCode, stderr: stderr !== "" };
  const expected = { stdout: golden.stdout, exitCode: golden.exitCode, stderr: golden.stderr };
  if (JSON.stringify(received) === JSON.stringify(expected)) return undefined;
  return { command: commandLine(golden), expected, received };
}
