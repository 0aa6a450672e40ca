import { describe, expect, test } from "vitest";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});

const inProject = (line: string, surroundings?: Parameters<EngineBench["run"]>[1]) =>
  bench.run([...line.split(" "), "-R", "octo/hello"], surroundings);

describe("issue view", () => {
  test("prints the plain preview where stdout is no terminal", async () => {
    expect(printed(await inProject("issue view 1"))).toBe(
      "title:\tFirst\nstate:\tOPEN\nauthor:\tada\nlabels:\tbug\ncomments:\t0\nassignees:\t\nprojects:\t\nmilestone:\tv1\nnumber:\t1\n--\n\n",
    );
  });

  test("shows a merged pull request as merged", async () => {
    expect(printed(await inProject("issue view 8 --json number,state"))).toBe('{"number":8,"state":"MERGED"}\n');
  });

  test.each(["#1", "https://github.com/octo/hello/issues/1", "https://github.com/octo/hello/issues/1#issuecomment-5"])(
    "takes %s",
    async (selector) => {
      expect(printed(await inProject(`issue view ${selector} --json number`))).toBe('{"number":1}\n');
    },
  );

  test("refuses a text that is no number in gh's words", async () => {
    const outcome = await inProject("issue view abc");
    expect(outcome).toMatchObject({ exitCode: 1, stderr: 'invalid issue format: "abc"\n' });
  });

  test.each(["https://github.com/octo/hello/pull/7", "https://github.com/x/../octo/hello/issues/1"])(
    "refuses %s as gh 2.46 does",
    async (selector) => {
      expect(await inProject(`issue view ${selector}`)).toMatchObject({
        stderr: `invalid issue format: "${selector}"\n`,
        exitCode: 1,
      });
    },
  );

  test.each(["9999999999", "https://github.com/octo/hello/issues/0"])(
    "%s, which gh's versions or URL parsers read in different ways, is native",
    async (selector) => {
      expect(await inProject(`issue view ${selector}`)).toMatchObject({ kind: "native" });
    },
  );

  test("one that does not exist is gh's own error", async () => {
    expect(await inProject("issue view 999")).toMatchObject({
      exitCode: 1,
      stderr: "GraphQL: Could not resolve to an issue or pull request with the number of 999. (repository.issue)\n",
    });
  });

  test.each(["projectCards", "projectItems"])("%s is native", async (field) => {
    expect(await inProject(`issue view 1 --json ${field}`)).toMatchObject({ kind: "native" });
  });
});

describe("issue list", () => {
  test("leaves pull requests out", async () => {
    const outcome = await inProject("issue list --state all --json number --jq .[].number");
    expect(printed(outcome)).toBe("2\n1\n");
  });

  test("says nothing when there is nothing, and names it on a terminal", async () => {
    expect(await inProject("issue list --author nobody")).toMatchObject({ stdout: "", stderr: "", exitCode: 0 });
    expect(await inProject("issue list --author nobody", { tty: { stdout: true } })).toMatchObject({
      stdout: "",
      stderr: "no issues match your search in octo/hello\n",
    });
    expect(printed(await inProject("issue list --author nobody --json number"))).toBe("[]\n");
  });

  test("a repository without issues says so in gh's words", async () => {
    expect(await bench.run(["issue", "list", "-R", "octo/quiet"])).toMatchObject({
      exitCode: 1,
      stderr: "the 'octo/quiet' repository has disabled issues\n",
    });
  });

  test("a milestone number must exist", async () => {
    expect(await inProject("issue list -m 99")).toMatchObject({
      exitCode: 1,
      stderr: "no milestone found with number '99'\n",
    });
  });

  test.each([
    ["-l", 'a,"b""c"'],
    ["-S", "repo:o/other x"],
  ])("%s %s is native", async (flag, value) => {
    expect(await bench.run(["issue", "list", "-R", "octo/hello", flag, value])).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });

  test("a terminal with a pager is native", async () => {
    const surroundings = { tty: { stdout: true }, env: { PAGER: "less" } };
    expect(await inProject("issue list", surroundings)).toMatchObject({ kind: "native", reason: "a pager is set" });
  });
});
