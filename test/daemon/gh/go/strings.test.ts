import { describe, expect, test } from "vitest";
import { compareStrings, squeezeSpace, trimSpace } from "../../../../daemon/gh/go/strings.ts";
import { changedNames } from "../../../../daemon/gh/pr/diff.ts";
import { GhRelease } from "../../../../daemon/gh/versions.ts";

describe("strings as Go handles them", () => {
  test("compare by code point, not by UTF-16 unit", () => {
    expect(["𝔘", "ﬁ", "a", "ab", "B"].toSorted(compareStrings)).toEqual(["B", "a", "ab", "ﬁ", "𝔘"]);
    expect("𝔘" < "ﬁ").toBe(true);
  });

  test("trim Unicode's white space, which has U+0085 and not U+FEFF", () => {
    expect(trimSpace("\u0085\u2028 a b\u3000\v")).toBe("a b");
    expect(trimSpace("\ufeffa\ufeff")).toBe("\ufeffa\ufeff");
  });

  test("squeeze ASCII white space only", () => {
    expect(squeezeSpace(" a \t\n b\u2028c\u00a0d\ve ")).toBe("a b\u2028c\u00a0d\ve");
  });
});

describe("the changed names of a diff", () => {
  test.each([
    ["a new name", "diff --git a/x b/y\n", "y\n"],
    ["several", "diff --git a/x b/x\n--- a/x\n+++ b/x\ndiff --git a/z b/z\n", "x\nz\n"],
    ["a name whose bytes look like spaces", "diff --git a/à b/à\n", "à\n"],
    ["none that git quotes", 'diff --git "a/\\303" "b/\\303"\n', ""],
    ["a carriage return goes", "diff --git a/x b/x\r\n", "x\n"],
  ])("%s", (_name, diff, names) => {
    expect(changedNames(Buffer.from(diff), new GhRelease("2.46.0"))).toBe(names);
  });

  test("stand in git's quotes since gh 2.50", () => {
    const diff = Buffer.from('diff --git a/x b/x\ndiff --git "a/\\303" "b/\\303"\n');
    expect(changedNames(diff, new GhRelease("2.50.0"))).toBe('x\n"\\303"\n');
    expect(() => changedNames(diff, new GhRelease(undefined))).toThrow("not certain");
  });
});
