/** Input of a decision besides the arguments: files that hold GraphQL, and the extensions that only read. */
import { fstatSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { readIfRegular } from "../../shared/regular-file.ts";
import type { DecisionSurroundings } from "./decide.ts";

/** Names of extensions that only read, by commas or spaces: `dash, poi`. */
export const readExtensionsName = "OCTOPOOL_READ_EXTENSIONS";

/** More than any GraphQL document; a longer file is not read. */
const mostBytes = 1 << 20;

/** @param piped - the content of standard input, where it was read already */
export function surroundingsOf(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  piped?: string,
): DecisionSurroundings {
  const names = (env[readExtensionsName] ?? "").split(/[\s,]+/).filter((name) => name !== "");
  return {
    extensions: new Set(names.map((name) => name.replace(/^gh-/, ""))),
    text: (path) => (path === "-" ? piped : undefined) ?? textOf(path, cwd),
  };
}

/** A file's text; standard input only where it is a file, which can be read without consuming it. */
function textOf(path: string, cwd: string): string | undefined {
  try {
    return path === "-" ? readStandardInput() : readIfRegular(resolve(cwd, path));
  } catch {
    return undefined;
  }
}

function readStandardInput(): string | undefined {
  const stat = fstatSync(0);
  if (!stat.isFile() || stat.size > mostBytes) return undefined;
  const bytes = Buffer.alloc(stat.size);
  return bytes.subarray(0, readSync(0, bytes, 0, stat.size, 0)).toString();
}
