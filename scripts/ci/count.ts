/** Adds up all suites' reports, names failed tests, prints the closing line. Exits 1 when a test failed or none ran. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sumOf } from "./reports.ts";

const directory = process.argv[2];
if (!directory) throw new Error("usage: count.ts DIRECTORY_OF_REPORTS");

const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
const { lines, complaints, ok } = sumOf(
  names.map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") })),
);
for (const complaint of complaints) console.error(complaint);
for (const line of lines) console.log(line);
process.exitCode = ok ? 0 : 1;
