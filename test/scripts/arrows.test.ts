import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { circlesIn, partsIn } from "../../scripts/arrows.ts";

const root = resolve(import.meta.dirname, "../..");

test.each(partsIn(root))("no folders of %s import each other", (part) => {
  expect(circlesIn(root, part)).toEqual([]);
});

describe("the rule", () => {
  let tree: string;
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), "octopool-arrows-"));
  });
  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  const write = (file: string, text: string) => {
    const path = join(tree, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  test("holds for every folder with folders inside it, at any depth, and for no other", () => {
    write("cli/a/one.ts", "");
    write("daemon/gh/pr/query/rows.ts", 'import { commit } from "../commits.ts";\n');
    write("daemon/gh/pr/commits.ts", 'import type { Commit } from "./query/schema.ts";\n');
    write("daemon/gh/run/list.ts", "");
    write("docs/a/b/one.ts", "");
    expect(partsIn(tree)).toEqual(["cli", "daemon", "daemon/gh", "daemon/gh/pr"]);
    expect(partsIn(tree).flatMap((part) => circlesIn(tree, part))).toMatchObject([
      { part: "daemon/gh/pr", members: ["commits.ts", "query"] },
    ]);
  });

  const membersOf = () => circlesIn(tree, "part").map(({ members }) => members);

  test("lets folders import one way", () => {
    write("part/a/one.ts", 'import { two } from "../b/two.ts";\n');
    write("part/b/two.ts", 'import { low } from "../low.ts";\n');
    write("part/low.ts", "export const low = 1;\n");
    expect(membersOf()).toEqual([]);
  });

  test("finds two folders that import each other in different files, and names the imports", () => {
    write("part/a/one.ts", 'import { two } from "../b/two.ts";\n');
    write("part/b/other.ts", 'import { three } from "../a/three.ts";\n');
    expect(circlesIn(tree, "part")).toEqual([
      {
        part: "part",
        members: ["a", "b"],
        imports: ["part/a/one.ts imports part/b/two.ts", "part/b/other.ts imports part/a/three.ts"],
      },
    ]);
  });

  test.each([
    ["a type", 'import type { Two } from "../b/two.ts";\n'],
    ["a re-export", 'export { two } from "../b/two.ts";\n'],
    ["an import over several lines", 'import {\n  two,\n} from "../b/two.ts";\n'],
    ["an import without names", 'import "../b/two.ts";\n'],
    ["a late import", 'const { two } = await import("../b/two.ts");\n'],
    ["a type in place", 'let two: import("../b/two.ts").Two;\n'],
    ["a deeper folder", 'import { two } from "../b/inner/two.ts";\n'],
  ])("counts %s", (_kind, source) => {
    write("part/a/one.ts", source);
    write("part/b/two.ts", 'import { one } from "../a/one.ts";\n');
    expect(membersOf()).toEqual([["a", "b"]]);
  });

  test("finds a circle of three, and a loose file in one", () => {
    write("part/a/one.ts", 'import { two } from "../b/two.ts";\n');
    write("part/b/two.ts", 'import { three } from "../three.ts";\n');
    write("part/three.ts", 'import { one } from "./a/one.ts";\n');
    write("part/c/apart.ts", 'import { one } from "../a/one.ts";\n');
    expect(membersOf()).toEqual([["a", "b", "three.ts"]]);
  });

  test("leaves imports of other parts to the rule between parts", () => {
    write("part/a/one.ts", 'import { other } from "../../other/b/two.ts";\n');
    write("other/b/two.ts", 'import { one } from "../../part/a/one.ts";\n');
    expect(membersOf()).toEqual([]);
  });
});
