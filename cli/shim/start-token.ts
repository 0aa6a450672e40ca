/**
 * Chooses the client that starts the daemon: the one that makes a file in the runtime directory. The file of a client
 * that died, or any other object at its path, is removed at once.
 */
import { closeSync, constants, lstatSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAlive } from "../../shared/alive.ts";
import { firstBytes } from "../../shared/find-gh.ts";

/** `taken`: another client starts it right now. */
export type StartToken = { readonly release: () => void } | "taken";

/** A client that has made the file and not yet written into it; longer than any machine takes for that. */
const blankMs = 1_000;
/** How far two clocks may be apart that write into one directory. */
const skewMs = 2_000;

/**
 * @param patienceMs - no client starts a daemon for longer
 * @throws the system's error when the file cannot be made: a full or read-only disk, no permission, a limit
 */
export function takeStartToken(path: string, pid: number, patienceMs: number): StartToken {
  for (let attempts = 3; attempts > 0; attempts--) {
    if (make(path, pid)) return { release: () => rmSync(path, { force: true }) };
    if (!isLeftOver(path, patienceMs)) return "taken";
    rmSync(path, { force: true, recursive: true });
  }
  return "taken";
}

function make(path: string, pid: number): boolean {
  let file: number;
  try {
    file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    // Only this error means that another process made it.
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    writeFileSync(file, `${pid} ${birthOf(pid)}`);
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function isLeftOver(path: string, patienceMs: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return true;
  if (!stat.isFile()) return true;
  const age = Date.now() - stat.mtimeMs;
  const [, pid, birth] = /^(\d+) (\d+|-)$/.exec(firstBytes(path, 100)) ?? [];
  if (pid === undefined) return age > blankMs || age < -skewMs;
  return age > patienceMs || age < -skewMs || !isAlive(Number(pid)) || birthOf(Number(pid)) !== birth;
}

/** Tells a process from a later one of the same id: its start, in the system's ticks; `-` where that is not known. */
function birthOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[19] ?? "-";
  } catch {
    return "-";
  }
}
