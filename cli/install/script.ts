/** The `gh` that is installed: the fast script, with a note for its removal. */
import { scriptMark, shimScript } from "../shim/script.ts";
import { readText } from "./files.ts";

/** Whether the file at `path` is a shim of ours; any other file there stays. */
export function isOurShim(path: string): boolean {
  return readText(path)?.startsWith(`#!/bin/sh\n${scriptMark}`) === true;
}

/** How many directories were made for the shim at `path`; `undefined` when there is none. */
export function madeDirectories(path: string): number | undefined {
  const text = isOurShim(path) ? readText(path) : undefined;
  return text === undefined ? undefined : Number(/^# Directories made for it: (\d{1,2})$/m.exec(text)?.[1] ?? 0);
}

/** The script's text; `directories` are made for it, so that its removal can delete them. */
export function installedScript(script: Parameters<typeof shimScript>[0], directories: number): string {
  const [interpreter = "", mark = "", ...rest] = shimScript(script).split("\n");
  return [interpreter, mark, `# Directories made for it: ${directories}`, ...rest].join("\n");
}
