/** Resets the inherited process state, besides variables, to the values that a daemon for all callers needs. */
import { execFileSync } from "node:child_process";
import { constants, getPriority, setPriority } from "node:os";
import { OctopoolError } from "../../shared/errors.ts";
import { readIfRegular } from "../../shared/regular-file.ts";

/** The lowest permitted value of a limit; `Infinity`: unlimited only. */
const needed: Readonly<Record<string, { readonly option: string; readonly least: number; readonly wanted: string }>> = {
  "Max open files": { option: "nofile", least: 256, wanted: "4096" },
  "Max cpu time": { option: "cpu", least: Number.POSITIVE_INFINITY, wanted: "unlimited" },
  "Max file size": { option: "fsize", least: 2 ** 20, wanted: "unlimited" },
  "Max data size": { option: "data", least: 2 ** 30, wanted: "unlimited" },
  "Max address space": { option: "as", least: Number.POSITIVE_INFINITY, wanted: "unlimited" },
};

const limitsFile = "/proc/self/limits";
const patienceMs = 2_000;

interface Starter {
  /** The text of the system's list of limits; undefined where there is none. */
  readonly limits?: () => string | undefined;
  /** Raises limits of this process (`prlimit` and its options); only root may go beyond the inherited limits. */
  readonly raise?: (options: readonly string[]) => void;
}

/**
 * Sets the mask of file modes, the priority and the limits.
 * @throws OctopoolError `daemon_unavailable`, naming the limits that are too low and cannot be raised: a shell with
 * other limits must be able to start a better daemon.
 */
export function leaveStarter({ limits = () => readIfRegular(limitsFile), raise = prlimit }: Starter = {}): void {
  // Every file here is made with a mode of its own; a mask that removes the owner's bits would make it unusable.
  process.umask(0o077);
  try {
    if (getPriority() > 0) setPriority(constants.priority.PRIORITY_NORMAL);
  } catch {
    // Only root may undo `nice`: the daemon is then slower, but still correct.
  }
  const low = tooLow(limits() ?? "");
  if (low.length === 0) return;
  try {
    raise(low.map((name) => `--${needed[name]?.option}=${needed[name]?.wanted}`));
  } catch {}
  const left = tooLow(limits() ?? "");
  if (left.length === 0) return;
  const list = left.map((name) => name.toLowerCase().replace(/^max /, "")).join(", ");
  throw new OctopoolError("daemon_unavailable", `A daemon started from here would be limited (ulimit: ${list}).`, {
    hint: "Start it from a shell without these limits: `octopool daemon start`.",
  });
}

/** The names of the limits below a daemon's needs. */
function tooLow(list: string): readonly string[] {
  return Object.entries(needed).flatMap(([name, { least }]) => {
    const soft = new RegExp(`^${name} +(\\d+|unlimited)`, "m").exec(list)?.[1];
    return soft !== undefined && soft !== "unlimited" && Number(soft) < least ? [name] : [];
  });
}

function prlimit(options: readonly string[]): void {
  const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" };
  execFileSync("prlimit", ["--pid", String(process.pid), ...options], { env, stdio: "ignore", timeout: patienceMs });
}
