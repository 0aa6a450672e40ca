import { describe, expect, test } from "vitest";
import { changes, GhRelease, newestProven, provenReleases } from "../../../daemon/gh/versions.ts";

describe("a difference between releases of gh", () => {
  test("is certain at both ends of every row, and native between them and without a version", () => {
    for (const [name, { before, since }] of Object.entries(changes)) {
      const change = name as keyof typeof changes;
      expect(new GhRelease(`${before}.9`).has(change), name).toBe(false);
      expect(new GhRelease(`${since}.0`).has(change), name).toBe(true);
      expect(() => new GhRelease(undefined).has(change), name).toThrow("not certain");
    }
    expect(() => new GhRelease("2.80.0").has("peoplesNames")).toThrow("gh 2.80.0 is not known");
  });

  test("is as the newest release has it for those to come, which are ahead of the compared ones", () => {
    expect(new GhRelease("3.0.0").has("relations")).toBe(true);
    expect(new GhRelease("3.0.0").isAhead).toBe(true);
    expect(new GhRelease(`${newestProven}.99`).isAhead).toBe(false);
    expect(provenReleases.at(-1)).toBe(newestProven);
  });

  test("is no question to a text that is no version", () => {
    expect(new GhRelease("DEV").version).toBeUndefined();
  });
});
