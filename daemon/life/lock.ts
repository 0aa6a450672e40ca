/**
 * The lock that makes the daemon the only one. SQLite's file lock is the only portable lock in Node that the system
 * releases after any death of its holder.
 */
import { DatabaseSync } from "node:sqlite";

export interface Lock {
  release(): void;
}

/** Takes the lock, or returns undefined at once when another process holds it. */
export function takeLock(path: string): Lock | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
}

const sqliteBusy = 5;
