import { expect, test } from "vitest";
import { readCommands } from "../../../cli/shim/decide.ts";
import { commands } from "../../../daemon/gh/registry.ts";
import { ghCommands } from "../../../shared/gh-commands.ts";

const decided = Object.entries(readCommands).flatMap(([group, words]) => words.map((word) => `${group} ${word}`));

test("the commands that are sent to the daemon are those that gh's table says it may answer", () => {
  const reads = ghCommands().filter(({ kind }) => kind === "read");
  expect(reads.map(({ path }) => path.join(" ")).sort()).toEqual(decided.toSorted());
});

/** Sent to the daemon though the engine has them not: gh's own requests are shared (docs/gh.md). */
const onlyShared = ["search code", "search commits"];

test("the commands that are sent to the daemon are those that the engine has, gh api, and two that gh answers", () => {
  const names = commands.flatMap(({ path: [group, ...rest], aliases = [] }) =>
    rest.length === 0 ? [group] : [...rest, ...aliases].map((word) => `${group} ${word}`),
  );
  expect([...names, ...onlyShared].sort()).toEqual([...decided, "api"].sort());
});
