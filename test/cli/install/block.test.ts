import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withBlocks, withoutBlocks } from "../../../cli/install/block.ts";
import type { Placement } from "../../../cli/install/places.ts";

const lines = ["one", "two"];
const placements = fc.constantFrom<readonly Placement[]>(["end"], ["start", "end"], ["start"]);
const text = fc.string({ unit: fc.constantFrom("a", "#", "\n", " ", "é", "\r\n", ">>>") });

describe("a marked block", () => {
  test("is taken back to the byte, for any text of the file", () => {
    fc.assert(
      fc.property(text, placements, (before, places) => {
        expect(withoutBlocks(withBlocks(before, lines, places)).text).toBe(before);
      }),
    );
  });

  test("is the same after a second installation", () => {
    fc.assert(
      fc.property(text, placements, (before, places) => {
        const once = withBlocks(before, lines, places);
        expect(withBlocks(once, lines, places)).toBe(once);
      }),
    );
  });

  test("never joins the line before it", () => {
    expect(withBlocks("export A=1", lines, ["end"])).toBe(
      "export A=1\n# >>> octopool shim, with the line break before it >>>\none\ntwo\n# <<< octopool shim <<<\n",
    );
  });

  test("remembers that its file, and directories above it, were made for it", () => {
    const made = withBlocks("", lines, ["end"], { directories: 2 });
    expect(withoutBlocks(made)).toEqual({ text: "", lines, created: { directories: 2 } });
    expect(withoutBlocks(`${made}mine\n`)).toEqual({ text: "mine\n", lines, created: undefined });
  });

  test("without its end it is left alone, for the text after it may be the user's", () => {
    const damaged = "# >>> octopool shim >>>\none\nexport MINE=1\n";
    expect(withoutBlocks(damaged).text).toBe(damaged);
  });
});
