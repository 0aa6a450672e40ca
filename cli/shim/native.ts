/** Runs the real gh: leaves a mark where it may write, then this process, or the sh script that asked, becomes it. */
import { existsSync, writeFileSync } from "node:fs";
import { OctopoolError } from "../../shared/errors.ts";
import { findRealGh } from "../../shared/find-gh.ts";
import { oneLine } from "../../shared/one-line.ts";
import { leasesDirectory, overlayMark } from "../../shared/protocol.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import { ghNeeded, reasonLine } from "./gh-needed.ts";
import { handOver } from "./hand-over.ts";
import { leadsBack } from "./loop.ts";
import { markWrite } from "./mark-write.ts";
import { printLine } from "./print.ts";
import type { ShimProcess } from "./process.ts";
import { workingDirectory } from "./surroundings.ts";
import { isOn } from "./switch.ts";
import { tellShell } from "./tell-shell.ts";

export interface Native {
  /** Whether it may change something on GitHub; `anything` when the command's own words do not show the change. */
  readonly write: boolean | "anything";
  /** Why the real gh runs. */
  readonly reason?: string | undefined;
  /** A message printed after gh has ended. */
  readonly notice?: string | undefined;
  /** The name under which the daemon waits for gh's output. */
  readonly compare?: string | undefined;
  /** The text of standard input, if it was a pipe that was read already. */
  readonly input?: Uint8Array | undefined;
  /** The directory of settings with which gh sends its requests to the daemon. */
  readonly via?: string | undefined;
}

/**
 * Resolves with gh's exit code, unless gh replaces this process; at once where the sh script runs it.
 * @throws OctopoolError `real_gh_not_found`, `environment_invalid` for an OCTOPOOL_GH_PATH that cannot be it.
 */
export async function runNative(
  shim: ShimProcess,
  { write, reason, notice, compare, input, via }: Native,
): Promise<number> {
  const { caller, env, args, pid } = shim;
  const gh = caller?.gh || (await realGhFor(shim, { args, write: write !== false, reason }));
  if (write !== false)
    markWrite({
      ...shim,
      cwd: workingDirectory(),
      pid: caller?.kind === "ask" ? caller.pid : pid,
      anything: write === "anything",
    });
  if (reason && isOn(env.OCTOPOOL_VERBOSE)) printLine(reasonLine(reason));
  const afterwards = notice ? () => printLine(notice) : undefined;
  if (input !== undefined) {
    // The sh script could not give it to gh any more, nor could a comparison.
    const code = await handOver({ gh, args, env: restored(env), afterwards, input });
    tellShell(shim, "printed");
    return code;
  }
  if (compare !== undefined) {
    const { runCompared } = await import("./compare.ts");
    const code = await runCompared(gh, args, restored(env), { id: compare, place: shim });
    tellShell(shim, "printed");
    return code;
  }
  const isOpen = via !== undefined && leaveLease(shim, via, caller?.kind === "ask" ? caller.pid : pid);
  if (caller?.kind === "ask") {
    // This program, not the script, prints a message afterwards: gh then sends its requests itself.
    tellShell(shim, notice ? `after ${oneLine(notice)}` : isOpen ? `via ${via}` : "native");
    return 0;
  }
  const settings = isOpen ? { GH_CONFIG_DIR: via } : {};
  return handOver({ gh, args, env: { ...restored(env), ...settings }, afterwards });
}

/**
 * Tells the daemon, by a lease file, that this process is about to become a gh that asks it; false where it must not.
 */
function leaveLease({ env, uid, platform }: ShimProcess, via: string, pid: number): boolean {
  const { directory } = runtimePaths({ env, uid, platform });
  try {
    if (!existsSync(`${via}/${overlayMark}`)) return false;
    writeFileSync(`${directory}/${leasesDirectory}/${pid}`, "", { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Without a real gh, the error gives the reason why it was needed: the repository is private, no login is saved, … */
async function realGhFor({ env, pid, self }: ShimProcess, why: Parameters<typeof ghNeeded>[1]): Promise<string> {
  try {
    return findRealGh({ env, ourselves: self(), except: (path) => leadsBack(path, env, pid) });
  } catch (error) {
    if (!(error instanceof OctopoolError) || error.code !== "real_gh_not_found") throw error;
    throw await ghNeeded(error, why);
  }
}

/** Variables that the sh script hid from this Node and kept for gh, such as NODE_OPTIONS. */
const keptPrefix = "OCTOPOOL_KEPT_";

function restored(env: ShimProcess["env"]): ShimProcess["env"] {
  const names = Object.keys(env);
  if (!names.some((name) => name.startsWith(keptPrefix))) return env;
  const entries = Object.entries(env).map(([name, value]) => [name.replace(keptPrefix, ""), value] as const);
  return Object.fromEntries(entries);
}
