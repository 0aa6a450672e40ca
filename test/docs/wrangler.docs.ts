/** The wrangler that the documentation's tests run is a stand-in: wrangler itself says whether each command exists. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { sectionsOf } from "./pages.ts";

const root = join(import.meta.dirname, "../..");
const docs = join(root, "docs");
/** Their arguments are left out; a redirection is the shell's. */
const commands = readdirSync(docs)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => sectionsOf(readFileSync(join(docs, name), "utf8")).flatMap((section) => section.commands))
  .flatMap(({ text }) => /\bwrangler (?<rest>[a-z].*)$/.exec(text)?.groups?.rest ?? [])
  .map((rest) => rest.replace(/ <.*$/, "").split(" "))
  .map((words) => words.filter((word) => /^[a-z-][\w-]*$/.test(word) && word !== "octopool").join(" "));
const distinct = [...new Set(commands)].map((line) => line.split(" "));

test("the documentation names commands of wrangler", () => {
  expect(distinct.length).toBeGreaterThan(5);
});

test.each(distinct.map((words) => [words.join(" "), words] as const))("wrangler %s", async (_line, words) => {
  const flags = words.filter((word) => word.startsWith("--"));
  const first = words.findIndex((word) => word.startsWith("-"));
  const plain = first < 0 ? words : words.slice(0, first);
  const help = await helpOf(plain);
  expect(help, "is a command").toBeDefined();
  for (const flag of flags) expect(help).toMatch(new RegExp(`${flag}\\b`));
});

/** The help of the longest command that the words begin with; the rest are its arguments. */
async function helpOf(words: readonly string[]): Promise<string | undefined> {
  for (let length = words.length; length > 0; length -= 1) {
    const command = words.slice(0, length).join(" ");
    const { stdout, exitCode } = await execa(
      join(root, "node_modules/.bin/wrangler"),
      [...words.slice(0, length), "--help"],
      {
        env: { WRANGLER_SEND_METRICS: "false", CI: "true" },
        input: "",
        reject: false,
      },
    );
    if (exitCode === 0 && stdout.startsWith(`wrangler ${command}`)) return stdout;
  }
  return undefined;
}
