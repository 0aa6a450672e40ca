import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8").replaceAll(/\s+/g, " ");
const performance = readFileSync(join(root, "docs/performance.md"), "utf8");

/** Requests and paid requests of the rows that begin so, one for each seed. */
function rows(beginning: string): { readonly requests: number; readonly paid: number }[] {
  const found = performance
    .split("\n")
    .filter((line) => line.startsWith(`| ${beginning} |`) || line.startsWith(`| ${beginning} (`));
  return found.map((line) => {
    const [requests = Number.NaN, paid = Number.NaN] = line
      .split("|")
      .slice(2, 4)
      .map((cell) => Number(cell.replaceAll(",", "").trim()));
    return { requests, paid };
  });
}

/** `835 to 848`. */
function range(figures: readonly number[]): string {
  return [...figures]
    .sort((a, b) => a - b)
    .map((figure) => figure.toLocaleString("en"))
    .join(" to ");
}

test("the README's saving is the one of the table of measurements", () => {
  const [alone, pooled] = [rows("`gh` 2.46 alone"), rows("Octopool")];
  expect([alone.length, pooled.length]).toEqual([2, 2]);
  const savings = pooled.map(({ paid }, seed) => Math.floor(100 * (1 - paid / (alone[seed]?.paid ?? 0))));
  expect(readme).toContain(`${range(savings)} % less`);
  expect(readme).toContain(`GitHub charged ${range(pooled.map(({ paid }) => paid))} calls`);
  expect(readme).toContain(`\`gh\` alone took ${range(alone.map(({ paid }) => paid))}`);
});

test("the README's requests are the mean of the table's, to the next ten", () => {
  const pooled = rows("Octopool");
  const mean = pooled.reduce((sum, { requests }) => sum + requests, 0) / pooled.length;
  expect(readme).toContain(`about ${(Math.round(mean / 10) * 10).toLocaleString("en")}`);
});
