import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { commandLine, isKnownTo, readCases } from "../../../scripts/differential/cases.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "cases-"));
});

describe("a case file", () => {
  test("holds one case a line, blank lines aside", async () => {
    const file = join(directory, "a.jsonl");
    await writeFile(file, '{"args":["pr","list"]}\n\n{"args":["api","x"],"cwd":"repo","env":{"A":"b"},"stdin":"s"}\n');
    expect(await readCases(file)).toEqual([
      { args: ["pr", "list"] },
      { args: ["api", "x"], cwd: "repo", env: { A: "b" }, stdin: "s" },
    ]);
  });

  test("may set cwd to null", async () => {
    const file = join(directory, "a.jsonl");
    await writeFile(file, '{"args":[],"cwd":null}\n');
    expect(await readCases(file)).toEqual([{ args: [], cwd: null }]);
  });

  test("of a directory is read with its neighbours, by name", async () => {
    await writeFile(join(directory, "b.jsonl"), '{"args":["2"]}\n');
    await writeFile(join(directory, "a.jsonl"), '{"args":["1"]}\n');
    await writeFile(join(directory, "other.json"), "not a case");
    expect((await readCases(directory)).map((each) => each.args)).toEqual([["1"], ["2"]]);
  });

  test.each(["{", '{"args":"pr list"}'])("with a bad line is refused by its place: %s", async (line) => {
    const file = join(directory, "a.jsonl");
    await writeFile(file, `{"args":[]}\n${line}\n`);
    await expect(readCases(file)).rejects.toThrow(`${file}:2`);
  });
});

test("a command is shown as a shell would take it", () => {
  expect(commandLine({ args: ["api", "x", "-q", ".[] | 'a'"], env: { GH_REPO: "a/b" } })).toBe(
    "GH_REPO=a/b gh api x -q '.[] | '\\''a'\\'''",
  );
});

test.each([
  [undefined, "2.46.0", true],
  ["2.50", "2.46.0", false],
  ["2.50", "2.50.0", true],
  ["2.50", "3.0.0", true],
])("a case since %s is known to gh %s: %s", (since, version, known) => {
  expect(isKnownTo({ args: [], ...(since !== undefined && { since }) }, version)).toBe(known);
});
