/** The site's pages: one a command, with all that docs/cli.md says, and links that still lead there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootCommand } from "../../cli/commands/root.ts";
import { anchorOf } from "../../scripts/docs/anchors.ts";
import { sitePages, splitCommands } from "../../scripts/docs/split.ts";

const docs = join(import.meta.dirname, "../../docs");
const pages = sitePages(docs);

test("every command has a page of its own, and the page of all commands leads to it", () => {
  const rest = pages.find(({ name }) => name === "cli")?.markdown ?? "";
  for (const { name, hidden } of rootCommand.subcommands ?? []) {
    if (hidden === true) continue;
    const page = `octopool-${name}`;
    expect(pages.map((each) => each.name)).toContain(page);
    expect(rest).toContain(`](${page}.html)`);
  }
  expect(rest).toContain("## Environment variables");
});

test("nothing of docs/cli.md is lost, and nothing is told twice", () => {
  const lines = (text: string) =>
    text
      .split("\n")
      .filter((line) => /^(?:\| `-|octopool )/.test(line))
      .toSorted();
  const split = pages.filter(({ of }) => of === "cli").map(({ markdown }) => markdown);
  expect(lines(split.join("\n"))).toEqual(lines(readFileSync(join(docs, "cli.md"), "utf8")));
});

test("each page has one heading of the first level, its own", () => {
  for (const { name, of, markdown, title } of pages.filter((page) => page.of === "cli" && page.name !== "cli")) {
    const prose = markdown.replace(/^```[\s\S]*?^```/gm, "");
    expect(
      [...prose.matchAll(/^# (.+)$/gm)].map(([, heading]) => heading),
      `${of} ${name}`,
    ).toEqual([title]);
    expect(anchorOf(title)).toBe(name);
  }
});

test("a comment in a block of commands is no heading", () => {
  const { commands } = splitCommands("# Commands\n\n## octopool x\n\n```sh\n# once a machine\noctopool x\n```\n");
  expect(commands).toEqual([
    { title: "octopool x", markdown: "# octopool x\n\n```sh\n# once a machine\noctopool x\n```\n" },
  ]);
});
