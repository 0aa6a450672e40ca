/** The README's figures are those of the table of measurements: a sentence of each, as it must stand there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grouped, onOneLine } from "../support/figures.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../..", name), "utf8");

/** A column of the rows that begin so, one for each seed. */
const column = (beginning: string, at: number): readonly number[] =>
  read("docs/performance.md")
    .split("\n")
    .filter((line) => line.startsWith(`| ${beginning} |`) || line.startsWith(`| ${beginning} (`))
    .map((line) => Number(line.split("|")[at]?.replaceAll(",", "")));

const [alone, paid, requests] = [column("`gh` 2.46 alone", 3), column("Octopool", 3), column("Octopool", 2)];
/** `835 to 848`. */
const range = (figures: readonly number[]) =>
  figures
    .toSorted((a, b) => a - b)
    .map(grouped)
    .join(" to ");
const savings = paid.map((each, seed) => Math.floor(100 * (1 - each / (alone[seed] ?? 0))));
const mean = requests.reduce((sum, each) => sum + each, 0) / requests.length;

test.each([
  `GitHub charged ${range(paid)} calls`,
  `\`gh\` alone took ${range(alone)}: ${range(savings)} % less`,
  `a tenth fewer requests than \`gh\` (about ${grouped(Math.round(mean / 10) * 10)})`,
])("README.md says: %s", (sentence) => {
  expect(onOneLine(read("README.md"))).toContain(sentence);
});
