/** The caller's machine as the engine sees it: files, git, ssh, gh's settings. */
import { readIfRegular } from "../shared/regular-file.ts";
import type { EngineDependencies, Invocation } from "./gh/engine.ts";
import { gitRunner } from "./git.ts";
import { readGhSettings } from "./personal/gh-settings.ts";
import { sshRunner } from "./ssh.ts";

type Machine = Pick<EngineDependencies, "readText" | "git" | "ghHosts" | "sshHost">;

export function machineOf({ env }: Pick<Invocation, "env">, signal: AbortSignal): Machine {
  return {
    readText: readIfRegular,
    git: gitRunner({ env, signal }),
    ghHosts: () => readGhSettings(env).hosts,
    sshHost: sshRunner({ env, signal }),
  };
}
