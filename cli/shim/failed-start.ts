/**
 * A failed start, by a limit or in a sandbox, does not mean that other shells fail too: it is recorded for half a
 * minute, for processes in the same situation only.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { avoidName } from "../../shared/protocol.ts";
import { linkIfAny, readIfRegular } from "../../shared/regular-file.ts";
import { avoid, forgive, isAvoided } from "./avoid.ts";

/** Inherited state that can keep a process from starting a daemon, and that another shell may not have. */
export function situation(env: Readonly<Record<string, string | undefined>>): string {
  const status = readIfRegular("/proc/self/status")?.match(/^(?:Uid|CapEff|NoNewPrivs|Seccomp):.*$/gm) ?? [];
  const spaces = ["mnt", "net", "pid", "user", "ipc"].map((name) => linkIfAny(`/proc/self/ns/${name}`));
  const confined = readIfRegular("/proc/self/attr/current") ?? "";
  // A library put before the system's may deny calls that the system allows.
  const preloaded = [env.LD_PRELOAD, env.DYLD_INSERT_LIBRARIES];
  return [readIfRegular("/proc/self/limits") ?? "", ...status, ...spaces, confined, ...preloaded].join("\n");
}

/** Whether a start failed a moment ago for a process like this one. */
export function hasFailedToStart(directory: string, here: string, now: number = Date.now()): boolean {
  return isAvoided(directory, now, nameOf(here));
}

/** Records it, best effort; returns whether it did. */
export function rememberFailedStart(directory: string, here: string, why: string): boolean {
  sweep(directory);
  return avoid(directory, why, nameOf(here));
}

const nameOf = (here: string): string => `${avoidName}-${createHash("sha256").update(here).digest("hex").slice(0, 12)}`;

/** There are many situations over the years: expired ones are deleted. */
function sweep(directory: string): void {
  try {
    for (const name of readdirSync(directory)) {
      if (name.startsWith(`${avoidName}-`) && !isAvoided(directory, Date.now(), name)) forgive(directory, name);
    }
  } catch {
    // A directory that cannot be listed cannot be written either.
  }
}
