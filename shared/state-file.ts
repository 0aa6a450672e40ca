/** Small files of the state directory, whose loss costs some work and no answer. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type * as z from "zod";
import { parseJson } from "./parse-json.ts";
import { readIfRegular } from "./regular-file.ts";

/** `$XDG_STATE_HOME/octopool/NAME`, by default below `~/.local/state`. */
export function statePath(env: Readonly<Record<string, string | undefined>>, name: string): string {
  return `${env.XDG_STATE_HOME || `${env.HOME ?? ""}/.local/state`}/octopool/${name}`;
}

/** `undefined` where there is none of this form. */
export function readState<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(parseJson(readIfRegular(path) ?? "")).data;
  } catch {
    return undefined;
  }
}

/** Replaces the file at once, readable by its owner alone. Best effort: a full or read-only disk is no error. */
export function saveState(path: string, value: unknown): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(partial, path);
  } catch {}
}
