/** What the daemon must know about this process; loaded for reads only. */
import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import type { Surroundings } from "./call.ts";

export function surroundingsOf(args: readonly string[], env: Surroundings["env"]): Surroundings {
  const tty = { stdin: isTerminal(0), stdout: isTerminal(1), stderr: isTerminal(2) };
  return { args, cwd: process.cwd(), env, tty, columns: tty.stdout ? process.stdout.columns : undefined };
}

/** A closed descriptor is no terminal. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && isatty(descriptor);
  } catch {
    return false;
  }
}
