/** The figures of the last bench on this machine, for the page on performance: `npm run bench -- --json` wrote them. */
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { figures, verdict } from "../bench/figures.ts";

const measuredSchema = z.record(z.string(), z.number().nullable());

/** A table in Markdown, or a sentence where nothing was measured. */
export function measuredTable(file: string): string {
  if (!existsSync(file)) return "This copy of the page was made without measuring.";
  const measured = measuredSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const rows = Object.entries(figures).map(([name, { what }]) => {
    const value = measured[name] ?? null;
    return `| ${what} | ${value === null ? "not measured" : Number(value.toFixed(2))} | ${verdict(name, value)} |`;
  });
  return [
    "Measured while this copy of the page was made, in few rounds and beside other work:",
    "",
    "| measure | figure | |",
    "|---|---|---|",
    ...rows,
  ].join("\n");
}
