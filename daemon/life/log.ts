/** The daemon's log: short lines, bounded in size, without secrets. */
import { renameSync } from "node:fs";
import { statIfAny, writeRegular } from "../../shared/regular-file.ts";

export type Log = (event: string, details?: Readonly<Record<string, string | number | boolean>>) => void;

/** Bytes after which the log becomes `<name>.1`; two files are all there ever is. */
export const longestLog = 256 * 1024;

/** Removes every credential, of ours or GitHub's, from a message. */
const secrets =
  /\b(op_[\w-]{8,}|gh[pousr]_\w{8,}|github_pat_\w{8,}|v\d\.[0-9a-f]{20,}|Bearer\s+\S+|eyJ[\w-]+\.[\w.-]+)/g;

/** Best effort: a log that cannot be written is ignored. */
export function openLog(path: string, now: () => number): Log {
  return (event, details = {}) => {
    const extra = Object.entries(details).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    const line = `${new Date(now()).toISOString()} ${event}${extra.join("")}`;
    try {
      if ((statIfAny(path)?.size ?? 0) > longestLog) renameSync(path, `${path}.1`);
      writeRegular(path, `${redact(line).replace(/[\r\n]+/g, " ")}\n`, "append");
    } catch {}
  };
}

function redact(text: string): string {
  return text.replace(secrets, "[redacted]");
}
