import { describe, expect, test } from "vitest";
import { isGhCommand } from "../../cli/words/gh.ts";
import { nearest } from "../../cli/words/nearest.ts";

describe("nearest", () => {
  test("counts losses, insertions, changes and swaps of neighbours", () => {
    // A word of three letters may have one mistake, and one of four letters two.
    for (const [word, meant] of [
      ["lst", "list"],
      ["lits", "list"],
      ["vie", "view"],
      ["abx", "abc"],
      ["acb", "abc"],
      ["lsits", "list"],
    ] as const)
      expect(nearest(word, [meant]), word).toEqual([meant]);
    for (const [word, meant] of [
      ["axx", "abc"],
      ["bca", "abc"],
      ["kitten", "sitting"],
      ["", "abc"],
    ] as const)
      expect(nearest(word, [meant]), word).toEqual([]);
  });

  test("offers the nearest first, and nothing that is too far", () => {
    expect(nearest("stat", ["status", "stats", "start", "login"])).toEqual(["stats", "start", "status"]);
    expect(nearest("x", ["pr", "y"])).toEqual([]);
  });
});

test("gh's own commands and their second names are known; aliases, extensions and mistakes are not", () => {
  const known = [
    "pr view 7",
    "pr ls",
    "issue new",
    "run ls",
    "api user",
    "ext list",
    "--version",
    "",
    "pr --help",
    "co 7",
  ];
  const unknown = ["pr lst", "dash", "prs", "issue veiw"];
  expect(known.filter((line) => !isGhCommand(line.split(" ")))).toEqual([]);
  expect(unknown.filter((line) => isGhCommand(line.split(" ")))).toEqual([]);
});
