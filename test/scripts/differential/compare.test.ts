import { describe, expect, test } from "vitest";
import { differences } from "../../../scripts/differential/compare.ts";

const answer = (stdout: string | Buffer, exitCode = 0, stderr = "") => ({
  stdout: Buffer.from(stdout),
  exitCode,
  stderr,
});

describe("two answers are alike", () => {
  test("when bytes and exit code are equal, for any text on standard error", () => {
    expect(differences(answer("a\n", 1, "one"), answer("a\n", 1, "another"))).toEqual([]);
  });
});

describe("two answers differ", () => {
  test("by a single byte that is not valid UTF-8", () => {
    expect(differences(answer(Buffer.from([0xff])), answer(Buffer.from([0xfe])))).not.toEqual([]);
  });

  test("by their exit code", () => {
    expect(differences(answer("", 1), answer("", 0))).toEqual(["exit code 1 ≠ 0"]);
  });

  test("when only one says something on standard error", () => {
    expect(differences(answer("", 0, "warning"), answer(""))[0]).toContain("stderr");
  });

  test("by a final newline", () => {
    expect(differences(answer("a\n"), answer("a"))).not.toEqual([]);
  });

  test("by the order of JSON keys alone", () => {
    expect(differences(answer('{"a":1,"b":2}'), answer('{"b":2,"a":1}')).join("\n")).toContain("another order");
  });

  test("in JSON at a place that is named", () => {
    const found = differences(answer('{"a":[{"b":1}]}'), answer('{"a":[{"b":2}]}'));
    expect(found.join("\n")).toContain(".a.0.b: real 1, ours 2");
  });
});
