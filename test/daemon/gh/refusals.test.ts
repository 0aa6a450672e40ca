/** The errors of gh before any request to GitHub, in the words of the caller's own release. */
import { describe, expect, test } from "vitest";
import { GhUsage, usageOf } from "../../../daemon/gh/usage/usage.ts";
import { GhRelease } from "../../../daemon/gh/versions.ts";
import { actionsWorld } from "./support/actions-world.ts";
import { type EngineBench, fileHasBench } from "./support/reader.ts";

let bench: EngineBench;
fileHasBench(actionsWorld, (opened) => {
  bench = opened;
});

const refused = async (line: string, ghVersion: string) => {
  const outcome = await bench.run(line.split(" "), { ghVersion });
  expect(bench.reader.requests).toEqual([]);
  return outcome;
};

describe.each(["2.46.0", "2.96.0", "2.103.3"])("gh %s", (version) => {
  test.each([
    [
      "pr list -R o/r --limit x",
      'invalid argument "x" for "-L, --limit" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      "pr list -R o/r --draft=maybe",
      'invalid argument "maybe" for "-d, --draft" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      "run view -R o/r 1 --attempt -1",
      'invalid argument "-1" for "-a, --attempt" flag: strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    ["api x --cache 5", 'invalid argument "5" for "--cache" flag: time: missing unit in duration "5"'],
    ["api x --cache 5x", 'invalid argument "5x" for "--cache" flag: time: unknown unit "x" in duration "5x"'],
    [
      "issue list -R o/r -s merged",
      'invalid argument "merged" for "-s, --state" flag: valid values are {open|closed|all}',
    ],
    [
      "search issues a --match title,up",
      'invalid argument "title,up" for "--match" flag: valid values are {title|body|comments}',
    ],
    ["pr list --nope", "unknown flag: --nope"],
    ["pr list --nope=1", "unknown flag: --nope"],
    ["pr list -dz", "unknown shorthand flag: 'z' in -z"],
    ["pr list ---x", "bad flag syntax: ---x"],
    ["pr list -R o/r --limit", "flag needs an argument: --limit"],
    ["pr list -R o/r -dL", "flag needs an argument: 'L' in -L"],
    ["repo view -R o/r", "unknown shorthand flag: 'R' in -R"],
    ["issue list extra", 'unknown argument "extra"'],
    ["issue list -L 3 extra words", 'unknown arguments ["extra" "words"]; please quote all values that have spaces'],
    ["run list extra", 'unknown command "extra" for "gh run list"'],
    ["pr list -R o/r -L 0", "invalid value for --limit: 0"],
    ["issue list -R o/r -L -1", "invalid limit: -1"],
    ["search repos a -L 1001", "`--limit` must be between 1 and 1000"],
    ["search issues", "specify search keywords or flags"],
    ["pr view -R o/r", "argument required when using the --repo flag"],
    ["pr diff -R o/r", "argument required when using the `--repo` flag"],
    ["pr checks 1 -R o/r --interval 5", "cannot use `--interval` flag without `--watch` flag"],
    ["run view -R o/r", "run or job ID required when not running interactively"],
    ["run watch -R o/r", "run ID required when not running interactively"],
    ["workflow view CI -R o/r --ref x", "`--yaml` required when specifying `--ref`"],
    ["repo list o --fork --source", "specify only one of `--source` or `--fork`"],
    ["api x --hostname a/b", "error parsing `--hostname`: invalid hostname"],
    ["pr list -R o/r --app x --author y", "specify only `--author` or `--app`"],
  ])("%s", async (line, words) => {
    const command = line.startsWith("api") ? "api" : line.split(" ").slice(0, 2).join(" ");
    const outcome = await refused(line, version);
    expect(outcome).toMatchObject({ kind: "done", stdout: "", exitCode: 1 });
    const stderr = outcome.kind === "done" ? outcome.stderr : "";
    expect(stderr.startsWith(`${words}\n\nUsage:  gh ${command} `)).toBe(true);
  });

  test.each([
    ["issue view 1 2", "accepts 1 arg(s), received 2\n"],
    ["release view a b", "accepts at most 1 arg(s), received 2\n"],
    ["pr list -R bad", 'expected the "[HOST/]OWNER/REPO" format, got "bad"\n'],
    ["run list -R bad", 'failed to determine base repo: expected the "[HOST/]OWNER/REPO" format, got "bad"\n'],
    ["repo view a//b", 'argument error: expected the "[HOST/]OWNER/REPO" format, got "a//b"\n'],
    ["api x -H foo", "header \"foo\" requires a value separated by ':'\n"],
    ["pr view 7 -R o/r --json=", "Find error: no fields specified\n"],
  ])("%s has no usage below it", async (line, stderr) => {
    expect(await refused(line, version)).toMatchObject({ kind: "done", stdout: "", stderr, exitCode: 1 });
  });

  test.each(["pr list --web", "pr list --help", "pr list -h", "pr list -L 9007199254740993", "repo list o --private"])(
    "%s is the real gh's",
    async (line) => {
      expect(await refused(line, version)).toMatchObject({ kind: "native" });
    },
  );
});

test("a flag is known to the releases that have it", async () => {
  expect(await refused("run list -R o/r --all extra", "2.46.0")).toMatchObject({
    stderr: expect.stringMatching(/^unknown flag: --all\n/),
  });
  expect(await refused("run list -R o/r --all extra", "2.103.0")).toMatchObject({
    stderr: expect.stringMatching(/^unknown command "extra"/),
  });
  expect(await refused("run list -R o/r -s pending extra", "2.46.0")).toMatchObject({
    stderr: expect.stringMatching(/^invalid argument "pending" for "-s, --status" flag: valid values are {queued\|/),
  });
});

test("--json without fields lists those of the release", async () => {
  const old = await refused("run list -R o/r --json", "2.46.0");
  const modern = await refused("run list -R o/r --json", "2.103.0");
  expect(old).toMatchObject({ stderr: expect.stringMatching(/^Specify one or more .*:\n {2}conclusion\n/) });
  expect(modern).toMatchObject({
    stderr: expect.stringMatching(/^Specify one or more .*:\n {2}attempt\n {2}conclusion\n/),
  });
});

test.each(["2.60.0", "2.104.0", undefined])("gh %s, whose usage is not known, refuses by itself", async (version) => {
  expect(usageOf(["pr", "list"], new GhRelease(version))).toBeUndefined();
  const outcome = await bench.run(["pr", "list", "--nope"], { ghVersion: version ?? null });
  expect(outcome).toMatchObject({ kind: "native" });
});

test("a usage tells flags and choices", () => {
  const usage = new GhUsage(
    'Usage:  gh x\n\nFlags:\n  -s, --state string   Filter: {a|b} (default "a")\n      --web   Open\n',
  );
  expect(["state", "s", "web", "w"].map((flag) => usage.knows(flag))).toEqual([true, true, true, false]);
  expect(usage.choices("state")).toEqual(["a", "b"]);
  expect(usage.choices("web")).toBeUndefined();
});
