import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { findGhCommand, ghCommands, kindOf } from "../../shared/gh-commands.ts";
import { holdsMutation } from "../../shared/graphql-document.ts";

const directory = new URL("gh-reference/", import.meta.url);
const recorded = readdirSync(directory).map((name) => {
  const paths = readFileSync(new URL(name, directory), "utf8").trim().split("\n");
  return [`gh ${name.replace(".txt", "")}`, paths] as const;
});

/** Headings of `gh help reference`, without the placeholders of arguments. */
function referenceOf(gh: string): string[] {
  const text = execFileSync(gh, ["help", "reference"], {
    env: { GH_CONFIG_DIR: tmpdir(), HOME: tmpdir(), PATH: "/usr/bin:/bin" },
    encoding: "utf8",
  });
  const headings = [...text.matchAll(/^#{2,5} gh (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) => heading.replace(/ (?:[<[{(]|-s\b|number\b).*$/, ""));
}

/** Commands that no row classifies; a group alone prints its help, and `api` is decided by its arguments. */
function unclassified(paths: readonly string[]): string[] {
  const isGroup = (path: string) => paths.some((other) => other.startsWith(`${path} `));
  return paths.filter(
    (path) => path !== "api" && !isGroup(path) && findGhCommand(path.split(" "))?.path.join(" ") !== path,
  );
}

describe("every command of gh", () => {
  test.each(recorded)("is classified in the recorded reference of %s", (_name, paths) => {
    expect(paths.length).toBeGreaterThan(180);
    expect(unclassified(paths)).toEqual([]);
  });

  const gh = process.env.OCTOPOOL_GH_PATH;
  test.skipIf(gh === undefined)("is classified in the reference of this machine's gh (OCTOPOOL_GH_PATH)", () => {
    expect(unclassified(referenceOf(gh ?? ""))).toEqual([]);
  });

  test("has one row only", () => {
    const paths = ghCommands().map(({ path }) => path.join(" "));
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  test("without a row is found by this test", () => {
    expect(unclassified(["pr view", "pr conjure"])).toEqual(["pr conjure"]);
  });
});

describe("the kind of a command", () => {
  test.each([
    ["pr view 7", "read"],
    ["project item-list 1 --owner o", "quiet"],
    ["project field-list 1", "quiet"],
    ["project item-add 1", "write"],
    ["ruleset check main", "quiet"],
    ["skill search x", "quiet"],
    ["issue develop 7 --list", "quiet"],
    ["issue develop 7 -c", "write"],
    ["repo autolink list", "quiet"],
    ["repo autolink create k u", "write"],
    ["variable get X", "quiet"],
    ["pr", "quiet"],
    ["pr conjure", "write"],
    ["dash", "write"],
  ] as const)("gh %s: %s", (line, kind) => {
    expect(kindOf(line.split(" "))).toBe(kind);
  });

  test("an extension that a setting names only reads", () => {
    expect(kindOf(["dash", "x"], new Set(["dash"]))).toBe("quiet");
  });
});

describe("a GraphQL document holds a mutation", () => {
  test.each([
    ["mutation { addStar(input: {}) { clientMutationId } }", true],
    ["query Q { viewer { login } } mutation M { a }", true],
    ["# mutation\nquery { viewer { login } }", false],
    ['query { search(query: "mutation {") { issueCount } }', false],
    ["query { mutation: viewer { login } }", false],
    ["{ viewer { login } }", false],
    ['query { a(t: """ " mutation """) { mutation } }', false],
  ])("%s: %s", (document, holds) => {
    expect(holdsMutation(document)).toBe(holds);
  });
});
