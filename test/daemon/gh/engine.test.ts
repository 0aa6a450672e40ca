import { describe, expect, test } from "vitest";
import { commands, findCommand } from "../../../daemon/gh/registry.ts";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});

const find = (line: string) => {
  const found = findCommand(commands, line.split(" "));
  return found && [found.command.path.join(" "), ...found.args].join(" ");
};

describe("finding a command", () => {
  test.each([
    ["pr view 7", "pr view 7"],
    ["pr ls -L 5", "pr list -L 5"],
    ["pr -R o/r view 7", "pr view -R o/r 7"],
    ["pr -Ro/r --repo=a/b view 7", "pr view -Ro/r --repo=a/b 7"],
    ["api user", "api user"],
  ])("%s", (line, found) => {
    expect(find(line)).toBe(found);
  });

  test.each(["pr", "pr create", "-R o/r pr view", "pr --help", "issue close 1", "auth status", "--version", ""])(
    "%j is not one of ours",
    (line) => {
      expect(find(line)).toBeUndefined();
    },
  );

  test("no two commands share a name", () => {
    const names = commands.flatMap(({ path, aliases = [] }) => [
      path.join(" "),
      ...aliases.map((alias) => [...path.slice(0, -1), alias].join(" ")),
    ]);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("surroundings that only gh can honour", () => {
  test.each([[{ GH_DEBUG: "api" }], [{ DEBUG: "1" }], [{ GH_HOST: "ghe.example" }], [{ GH_REPO: "ghe.example/o/r" }]])(
    "%j is native",
    async (env) => {
      expect(await bench.run(["pr", "list"], { env })).toMatchObject({ kind: "native" });
      expect(bench.reader.requests).toEqual([]);
    },
  );

  test.each([[{ GH_DEBUG: "0" }], [{ DEBUG: "express:*" }], [{ GH_HOST: "github.com" }], [{ GH_HOST: "GitHub.com" }]])(
    "%j changes nothing",
    async (env) => {
      expect(await bench.run(["pr", "list", "-R", "octo/hello"], { env })).toMatchObject({ kind: "done" });
    },
  );
});

describe("JSON on a terminal", () => {
  test("is indented and coloured as gh does it", async () => {
    const outcome = await bench.run(["pr", "view", "7", "-R", "octo/hello", "--json", "number,isDraft,labels"], {
      tty: { stdout: true },
    });
    const lines = printed(outcome).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "\x1b[1;38m{\x1b[m",
      '  \x1b[1;34m"isDraft"\x1b[m\x1b[1;38m:\x1b[m \x1b[33mfalse\x1b[m\x1b[1;38m,\x1b[m',
      '  \x1b[1;34m"labels"\x1b[m\x1b[1;38m:\x1b[m \x1b[1;38m[\x1b[m',
    ]);
    expect(lines.at(-1)).toBe("");
  });

  test("is plain with NO_COLOR", async () => {
    const surroundings = { tty: { stdout: true }, env: { NO_COLOR: "1" } };
    const outcome = await bench.run(["pr", "view", "7", "-R", "octo/hello", "--json", "number"], surroundings);
    expect(printed(outcome)).toBe('{"number":7}\n');
  });

  test("with a number in a form that JavaScript loses is native", async () => {
    const reader = {
      read: async () => ({
        status: 200,
        headers: { "content-type": "application/json" },
        body: Buffer.from('{"n":1.0}'),
        answeredBy: "github" as const,
        stale: false,
        createdAt: 0,
      }),
    };
    const line = ["api", "repos/octo/hello/labels"];
    expect(await bench.run(line, { tty: { stdout: true }, dependencies: { reader } })).toMatchObject({
      kind: "native",
    });
    expect(await bench.run(line, { dependencies: { reader } })).toMatchObject({
      kind: "done",
      stdout: Buffer.from('{"n":1.0}').toString(),
    });
  });
});

test("an unexpected failure is native as long as nothing was printed, and an error afterwards", async () => {
  const reader = { read: async () => Promise.reject(new Error("boom")) };
  const line = ["pr", "checks", "7", "-R", "octo/hello"];
  expect(await bench.run(line, { dependencies: { reader } })).toEqual({ kind: "native", reason: "unexpected: boom" });
});
