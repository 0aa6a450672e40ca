/** Every command of the documentation, run as a reader would run it. */
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runsInCi } from "./ci.ts";
import { type PageCommand, type Section, sectionsOf } from "./pages.ts";
import { DocsShell, type Line, type ShellOutcome } from "./shell.ts";
import { type DocsSetup, openStage } from "./stage.ts";
import { before, namedOnly, needRealGh, newcomers, servers, shows, substitutes, typedAs } from "./stories.ts";

const root = join(import.meta.dirname, "../..");
const texts = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
];
const pages = texts
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, sections: sectionsOf(readFileSync(join(root, name), "utf8")) }));
const shown = pages
  .flatMap(({ sections }) => sections.flatMap(({ commands }) => commands))
  .filter(({ inline }) => !inline)
  .flatMap(({ text }) => text.split(/ (?:&&|\|) |\$\(/));

/** A sentence may name a command that a block shows in full, `octopool login` say; its own additions are run. */
function toRun({ text, inline }: PageCommand): boolean {
  if (text in namedOnly || runsInCi(text)) return false;
  if (needRealGh.has(text) && !process.env.OCTOPOOL_GH_PATH) return false;
  const name = text.replace(/ …$/, "");
  return !inline || !shown.some((command) => command === name || command.startsWith(`${name} `));
}

/** A recorded answer, for the page that shows how to serve some. */
const exchange = { path: "/emojis", query: [], status: 200, headers: { "content-type": "application/json" }, body: {} };

const withCommands = pages
  .map(({ name, sections }) => ({
    name,
    sections: sections
      .map((section): Section => ({ ...section, commands: section.commands.filter(toRun) }))
      .filter(
        ({ commands, blocks: others }) => commands.length > 0 || others.some(({ language }) => language === "json"),
      ),
  }))
  .filter(({ sections }) => sections.some(({ commands }) => commands.length > 0));

test("the documentation has commands", () => {
  expect(withCommands.length).toBeGreaterThan(10);
});

test("each special case of this test is a command of the pages", () => {
  const known = new Set(
    pages.flatMap(({ sections }) => sections.flatMap(({ commands }) => commands.map(({ text }) => text))),
  );
  const told = [...Object.keys(shows), ...Object.keys(typedAs), ...Object.keys(namedOnly)];
  expect(told.filter((command) => !known.has(command))).toEqual([]);
});

// Each page has a world of its own.
describe.concurrent.each(withCommands)("$name", ({ name, sections }) => {
  test("every command ends well with the expected output", async () => {
    const stage = await openStage();
    const shell = new DocsShell({ cwd: stage.checkout, env: stage.env, logs: join(stage.directory, "logs") });
    try {
      // The example of a world is the file that the page's commands name.
      const world = sections.flatMap((section) => section.blocks).find(({ language }) => language === "json");
      if (world) await writeFile(join(stage.repository, "my-world.json"), world.text);
      await writeFile(join(stage.repository, "exchanges.jsonl"), `${JSON.stringify(exchange)}\n`);
      const prelude = newcomers.has(name) ? "" : replaced(stage, before);
      const failed = [];
      for (const { title, commands } of sections) {
        const outcomes = await shell.run(
          prelude,
          commands.map(({ text }) => lineOf(stage, text)),
        );
        failed.push(...outcomes.filter((outcome) => !isWell(outcome)).map((outcome) => ({ title, ...outcome })));
      }
      expect(failed).toEqual([]);
    } finally {
      shell.close();
      await stage.close();
    }
  });
});

function isWell({ text, exitCode, output }: ShellOutcome): boolean {
  return exitCode === 0 && (shows[text]?.test(output) ?? true);
}

function lineOf(stage: DocsSetup, text: string): Line {
  const serves = Object.entries(servers).find(([command]) => text === command || text.startsWith(`${command} `))?.[1];
  return { text, typed: replaced(stage, typedAs[text] ?? text), serves };
}

function replaced(stage: DocsSetup, text: string): string {
  return substitutes(stage).reduce((line, [name, value]) => line.replaceAll(name, value), text);
}
