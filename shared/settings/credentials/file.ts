/** The token in a file that only its owner can read: for machines without a keyring. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { OctopoolError } from "../../errors.ts";
import { messageOf } from "../../message-of.ts";
import { parseObject, readIfPresent } from "../saved.ts";

/**
 * @returns `undefined` when there is none for this server: a token never goes to another one.
 * @throws OctopoolError `credentials_corrupt`, naming the file.
 */
export function readTokenFile(path: string, server: string): string | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  const value = parseObject(text);
  if (value === undefined || typeof value.server !== "string" || typeof value.token !== "string")
    throw new OctopoolError("credentials_corrupt", `The credentials in ${path} are damaged.`, {
      hint: `Remove ${path} and run \`octopool login\`.`,
    });
  return value.server === server ? value.token : undefined;
}

/** Whole or not at all: written beside, flushed, then renamed over. Mode 0600 in a 0700 directory. */
export function writeTokenFile(path: string, server: string, token: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeSync(file, `${JSON.stringify({ server, token })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // The process's umask may have taken bits away from us, never added any; say it exactly.
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new OctopoolError(
      "credentials_unavailable",
      `The token could not be saved in ${path}: ${messageOf(error)}.`,
      { hint: "Make the directory writable, or set XDG_CONFIG_HOME to one that is.", cause: error },
    );
  }
}

export function removeTokenFile(path: string): void {
  rmSync(path, { force: true });
}
