import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Comparisons } from "../../../daemon/comparison/index.ts";
import { shapeOf } from "../../../daemon/comparison/shape.ts";
import type { Invocation, Outcome } from "../../../daemon/gh/engine.ts";

const build = { version: "2.150.0", key: "/usr/bin/gh 1:2 3 4" };
const call = (line: string, more: Partial<Invocation> = {}): Invocation => ({
  args: line.split(" "),
  cwd: "/",
  env: {},
  tty: { stdin: false, stdout: false, stderr: false },
  ...more,
});
const done = (stdout: string): Promise<Outcome> => Promise.resolve({ kind: "done", stdout, stderr: "", exitCode: 0 });
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const printed = (stdout: string) => ({
  stdout: { sha256: sha256(stdout), start: stdout },
  stderr: { sha256: sha256(""), start: "" },
  exitCode: 0,
});

let path: string;
let now: number;
let comparisons: Comparisons;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "proofs-")), "state", "proofs.json");
  now = 0;
  comparisons = new Comparisons(path, () => now);
});

async function compare(line: string, real: string, ours: string) {
  const judgement = comparisons.judge(call(line), build);
  if (judgement.kind !== "compare") throw new Error(`not compared: ${judgement.kind}`);
  return comparisons.settle(comparisons.begin(judgement, done(ours)), printed(real));
}

describe("the shape of a command", () => {
  test("is its words, flags and fields without their values", () => {
    expect(shapeOf(call("issue view 7 -R o/r --json title,number -q .title"))).toBe(
      "issue view --jq --json number,title --repo",
    );
    expect(shapeOf(call("issue view 8 --repo=a/b -q .x --json number,title"))).toBe(
      "issue view --jq --json number,title --repo",
    );
    expect(shapeOf(call("issue view 7 --unknown"))).toBeUndefined();
    expect(shapeOf(call("pr view 7", { env: { CLICOLOR_FORCE: "1" } }))).toBe("pr view CLICOLOR_FORCE");
  });
});

describe("a gh newer than every release that was run", () => {
  test("is answered for after two comparisons that came out alike, and for that shape only", async () => {
    expect(await compare("pr list", "a\n", "a\n")).toBe("equal");
    expect(comparisons.judge(call("pr list"), build).kind).toBe("compare");
    expect(await compare("pr list", "b\n", "b\n")).toBe("equal");
    expect(comparisons.judge(call("pr list"), build)).toEqual({ kind: "serve", by: "machine" });
    expect(comparisons.judge(call("pr list -R o/r"), build).kind).toBe("compare");
  });

  test("is left alone where it printed otherwise twice, and the difference is kept for people", async () => {
    await compare("issue view 1", "a\nnew line\nb\n", "a\nb\n");
    expect(comparisons.judge(call("issue view 1"), build).kind).toBe("compare");
    await compare("issue view 1", "a\nnew line\nb\n", "a\nb\n");
    expect(comparisons.judge(call("issue view 2"), build)).toMatchObject({ kind: "native" });
    expect(comparisons.ledger.of(build.key)["issue view"]?.difference).toBe(
      'output, line 2: gh prints "new line", Octopool prints "b"',
    );
  });

  test("may differ once, where the world changed in between", async () => {
    await compare("pr list", "old\n", "new\n");
    await compare("pr list", "new\n", "new\n");
    await compare("pr list", "new\n", "new\n");
    expect(comparisons.judge(call("pr list"), build)).toEqual({ kind: "serve", by: "machine" });
  });

  test("is known again by the next daemon, and another build is not", async () => {
    await compare("pr list", "a\n", "a\n");
    await compare("pr list", "a\n", "a\n");
    const next = new Comparisons(path, () => now);
    expect(next.judge(call("pr list"), build)).toEqual({ kind: "serve", by: "machine" });
    expect(next.judge(call("pr list"), { ...build, key: "another" }).kind).toBe("compare");
    expect(readFileSync(path, "utf8")).not.toContain("a\\n");
  });

  test("is never compared on a terminal, while another comparison runs, or where a setting forbids it", () => {
    const terminal = { stdin: false, stdout: true, stderr: false };
    expect(comparisons.judge(call("pr list", { tty: terminal }), build).kind).toBe("native");
    expect(comparisons.judge(call("pr list", { env: { OCTOPOOL_NO_PROOF: "1" } }), build).kind).toBe("native");
    comparisons.begin({ build, shape: "pr list" }, done(""));
    expect(comparisons.judge(call("pr list"), build).kind).toBe("native");
    now += 121_000;
    expect(comparisons.judge(call("pr list"), build).kind).toBe("compare");
  });

  test("is not compared where only gh can answer", async () => {
    const id = comparisons.begin({ build, shape: "pr list" }, Promise.resolve({ kind: "native", reason: "why" }));
    expect(await comparisons.settle(id, printed("x"))).toBe("incomparable");
    expect(await comparisons.settle("an old name", printed("x"))).toBe("incomparable");
    expect(comparisons.ledger.of(build.key)).toEqual({});
  });
});

test.each(["2.46.0", "2.103.3", "2.80.0"])(
  "gh %s, of the releases that were run or lie between, needs none",
  (version) => {
    expect(comparisons.judge(call("pr list"), { ...build, version })).toEqual({ kind: "serve", by: "release" });
    expect(comparisons.judge(call("pr list"), undefined)).toEqual({ kind: "serve", by: "release" });
  },
);
