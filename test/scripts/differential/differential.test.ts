import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Bench } from "../../../scripts/differential/bench.ts";
import type { Case } from "../../../scripts/differential/cases.ts";
import {
  type CaseVerdict,
  compareAll,
  momentsBetween,
  steadyLines,
} from "../../../scripts/differential/differential.ts";
import { DirectPath } from "../../../scripts/differential/read-path.ts";
import { fullReport, summarize, summaryLines } from "../../../scripts/differential/report.ts";
import type { WorldFile } from "../../github-emulator/index.ts";

const world: WorldFile = {
  tokens: [{ token: "alices", login: "alice" }],
  repositories: [
    { name: "acme/app", description: "The app", issues: [{ number: 1, title: "One", author: "alice" }] },
    { name: "bob/app", fork_of: "acme/app" },
  ],
};
const titleOfOne: Case = { args: ["api", "repos/acme/app/issues/1", "--jq", ".title"] };
const write: Case = { args: ["issue", "close", "1", "-R", "acme/app"] };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "differential-test-"));
  await writeFile(join(directory, "world.json"), JSON.stringify(world));
});

/** A real program in gh's place that prints the test's text. */
async function fakeGh(script: string): Promise<string> {
  const path = join(directory, "gh");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function compare(script: string, cases: Case[]): Promise<CaseVerdict[]> {
  const bench = await Bench.open({ gh: await fakeGh(script), world: join(directory, "world.json") });
  try {
    return await compareAll(bench, new DirectPath(bench, "2.46.0"), cases, { concurrency: 2 });
  } finally {
    await bench.close();
  }
}

describe("a case is", () => {
  test("identical when Octopool prints the same as gh, cold and warm", async () => {
    const verdicts = await compare("echo One", [titleOfOne]);
    expect(verdicts).toMatchObject([{ reads: 1 }]);
    expect(summarize(verdicts)).toMatchObject({ tried: 1, identical: 1, native: 0, answeredWithoutNative: 1 });
  });

  test("different when it does not, and says where", async () => {
    const verdicts = await compare("echo Another", [titleOfOne]);
    expect(summarize(verdicts)).toMatchObject({ identical: 0, different: 1 });
    expect(fullReport(verdicts)).toContain('real "Another"');
  });

  test("native, and so identical, when the real gh answers it", async () => {
    const verdicts = await compare("echo anything", [write]);
    expect(summarize(verdicts)).toMatchObject({
      identical: 1,
      native: 1,
      answeredWithoutNative: 0,
      avoidableNative: 1,
    });
  });

  test("counted apart when the caller's gh only filtered Octopool's reads", () => {
    const row = { command: "gh api x", case: titleOfOne };
    const verdicts: CaseVerdict[] = [{ ...row, filtered: true }, row, { ...row, native: "why" }];
    expect(summarize(verdicts)).toMatchObject({ native: 1, answeredWithoutNative: 2, filteredByGh: 1 });
    expect(summaryLines(verdicts).split("\n")[1]).toContain("answered without native 2 (1 with gh as a filter)");
  });

  test("counted in one line", async () => {
    const verdicts = await compare("echo One", [titleOfOne, write]);
    expect(summaryLines(verdicts).split("\n")[0]).toBe("identical 2 / tried 2, native 1");
  });
});

describe("both sides see", () => {
  test("the same checkout, a fork with its upstream, when the case asks for one", async () => {
    const [verdict] = await compare("git remote | sort | tr '\\n' ' '; git branch --show-current", [
      { args: ["api", "repos/{owner}/{repo}/issues/1", "-q", ".title"], cwd: "repo" },
    ]);
    expect(verdict?.different?.cold?.join("\n")).toContain("origin upstream main");
    expect(verdict?.different?.cold?.join("\n")).toContain("One");
  });

  test("neither settings nor credentials of this machine", async () => {
    const [verdict] = await compare('echo "$HOME" "$GH_TOKEN" "$OCTOPOOL_TOKEN"', [titleOfOne]);
    const text = verdict?.different?.cold?.join("\n") ?? "";
    expect(text).toContain("alices");
    expect(text).toContain("octopool-differential-");
  });

  test("their own environment and standard input", async () => {
    const [verdict] = await compare('cat; echo "$EXTRA"', [{ ...titleOfOne, env: { EXTRA: "set" }, stdin: "typed " }]);
    expect(verdict?.different?.cold?.join("\n")).toContain("typed set");
  });
});

test("lines in which the real gh differs from itself are blanked, and only those", () => {
  const said = (stdout: string) => ({ stdout: Buffer.from(stdout), stderr: "", exitCode: 0 });
  const steady = steadyLines(said("date: 1\nx\n"), said("date: 2\nx\n"));
  expect(steady(said("date: 3\ny\n")).stdout.toString()).toBe("\ny\n");
});

test("the second of a header tells nothing, though both answers of the real gh fell into one", () => {
  const date = (second: number) => {
    const stdout = Buffer.from(`Date: Fri, 20 Nov 2026 20:24:${second} GMT\r\nx\n`);
    return { stdout, stderr: "", exitCode: 0 };
  };
  const steady = steadyLines(date(17), date(17));
  expect(steady(date(17)).stdout).toEqual(steady(date(18)).stdout);
});

describe("time", () => {
  test("is every second in which the real gh ran, the last one first", () => {
    expect(momentsBetween(1_500, 4_200)).toEqual([4_200, 3_999, 2_999, 1_999, 1_500]);
    expect(momentsBetween(1_500, 1_500)).toEqual([1_500]);
  });
});
