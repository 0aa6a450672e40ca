/**
 * Asks the real gh how many columns it gives each character and writes the table that the engine's text width uses:
 * `node scripts/goldens/widths.ts --gh PATH`. A table cell of one character shows its width by its padding.
 */
import { writeFile } from "node:fs/promises";
import { ghFromArguments, startOracle } from "./oracle.ts";

const target = new URL("../../daemon/gh/terminal/width-table.ts", import.meta.url);
/** From the first printable character after ASCII; planes without assigned characters are left out. */
const planes = [
  [0xa0, 0x3ffff],
  [0xe0000, 0xe0fff],
] as const;
const blockSize = 0x4000;

await using oracle = await startOracle(ghFromArguments(process.argv));
const widths = new Map<number, number>();
const blocks = planes.flatMap(([first, last]) =>
  Array.from(
    { length: Math.ceil((last + 1 - first) / blockSize) },
    (_, index) => [first + index * blockSize, last] as const,
  ),
);
for (const [start, last] of blocks) {
  const codes = Array.from({ length: Math.min(blockSize, last + 1 - start) }, (_, index) => start + index);
  const usable = codes.filter((code) => code < 0xd800 || code > 0xdfff);
  // Two letters make the column two wide, so a narrower character is padded up to that.
  const rows = ["ab", ...usable.map((code) => String.fromCodePoint(code))];
  const template = '{{range .}}{{tablerow . "|"}}{{end}}';
  const { stdout } = await oracle.run(["api", "rows", "--template", template], { "/rows": JSON.stringify(rows) });
  const lines = stdout.split("\n").slice(1, -1);
  if (lines.length !== usable.length) throw new Error(`${lines.length} lines for ${usable.length} characters`);
  usable.forEach((code, index) => {
    const spaces = (lines[index] ?? "").length - String.fromCodePoint(code).length - "  |".length;
    if (spaces < 0 || spaces > 2)
      throw new Error(`no cell for U+${code.toString(16)}: ${JSON.stringify(lines[index])}`);
    widths.set(code, 2 - spaces);
  });
}

/** Runs of characters of one width, as start and length. */
function ranges(width: number): string {
  const found: [number, number][] = [];
  for (const [code, own] of widths) {
    if (own !== width) continue;
    const before = found.at(-1);
    if (before && before[0] + before[1] === code) before[1]++;
    else found.push([code, 1]);
  }
  return found.map(([start, length]) => `${start.toString(36)},${length.toString(36)}`).join(" ");
}

await writeFile(
  target,
  `/** Characters that are not one column wide to gh. Written by scripts/goldens/widths.ts; ranges as start and length in base 36. */
// biome-ignore format: generated
export const zeroWidth = "${ranges(0)}";
// biome-ignore format: generated
export const doubleWidth = "${ranges(2)}";
`,
);
console.log(`${widths.size} characters asked, table in ${target.pathname}`);
