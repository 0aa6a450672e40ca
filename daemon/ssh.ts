/** Asks ssh for the host of a name, as gh does for the address of a git remote (go-gh's pkg/ssh). */
import { execFile } from "node:child_process";
import { absolutePlaces } from "./git.ts";

const patienceMs = 2_000;

interface SshSurroundings {
  /** The caller's variables; none of this process's own reaches ssh. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Resolves with the host, which for a name without an entry is the name; undefined where ssh cannot be asked. */
export function sshRunner({ env: { HOME, PATH }, signal }: SshSurroundings) {
  return async (name: string): Promise<string | undefined> => {
    // A name that begins with a dash would be read as an option.
    if (HOME === undefined || PATH === undefined || name.startsWith("-")) return undefined;
    const env = { HOME, PATH: absolutePlaces(PATH), LC_ALL: "C" };
    return new Promise((resolve) => {
      execFile("ssh", ["-G", name], { env, signal, timeout: patienceMs }, (error, stdout) => {
        const said = [...stdout.matchAll(/^hostname (.+)$/gm)].at(-1)?.[1];
        if (error === null) resolve(said ?? name);
        // gh uses the name itself where ssh refuses it or is missing; a stopped ssh gave no answer.
        else resolve(typeof error.code === "number" || error.code === "ENOENT" ? name : undefined);
      });
    });
  };
}
