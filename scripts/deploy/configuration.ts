/** Reads and edits wrangler.jsonc in place: comments stay where they are. */
import { readFile, writeFile } from "node:fs/promises";

export const unsetDatabase = "00000000-0000-0000-0000-000000000000";

export type Values = Readonly<Record<string, string>>;

/** The string members of that name, wherever they stand. */
export async function readValue(file: string, name: string): Promise<string> {
  const found = memberOf(name).exec(await readFile(file, "utf8"))?.[2];
  if (found === undefined) throw new Error(`${file} has no "${name}". Take it over from the repository's own.`);
  return String(JSON.parse(found));
}

/** @returns the names whose value changed */
export async function writeValues(file: string, values: Values): Promise<string[]> {
  const before = await readFile(file, "utf8");
  let text = before;
  const changed: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const next = text.replace(memberOf(name), (_whole, start: string) => start + JSON.stringify(value));
    if (next !== text) changed.push(name);
    text = next;
  }
  if (text !== before) await writeFile(file, text);
  return changed;
}

const memberOf = (name: string) => new RegExp(`^(\\s*"${name}"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*")`, "m");
