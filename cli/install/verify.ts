/** Starts each kind of shell as the system would, and reads which gh it would run. */
import { delimiter } from "node:path";
import { execa } from "execa";
import type { Environment } from "../../shared/settings/environment.ts";
import type { Shell } from "./places.ts";

const shellKinds = ["interactive", "login", "scripts"] as const;
type ShellKind = (typeof shellKinds)[number];

export interface InstallVerdict {
  readonly kind: ShellKind;
  /** The output of `command -v gh`; empty when there is none. */
  readonly found: string;
  readonly first: boolean;
}

const question = "printf '\\noctopool-gh:%s\\n' \"$(command -v gh)\"";
const fishQuestion = "printf '\\noctopool-gh:%s\\n' (command -v gh; or echo)";
/** Milliseconds; some people's start-up files do a lot. */
const patience = 20_000;

/** How each kind is started. Scripts of bash read no file of their own: they inherit from the login. */
function commandFor(shell: Shell, kind: ShellKind): readonly string[] {
  const ask = shell === "fish" ? fishQuestion : question;
  if (kind === "interactive") return ["-i", "-c", ask];
  if (kind === "login") return ["-l", "-c", ask];
  return shell === "bash" ? ["-l", "-c", `bash -c ${JSON.stringify(ask).replaceAll("$", "\\$")}`] : ["-c", ask];
}

export async function verifyShell(
  shell: Shell,
  program: string,
  shim: string,
  env: Environment,
): Promise<readonly InstallVerdict[]> {
  return Promise.all(
    shellKinds.map(async (kind) => {
      const child = await execa(program, commandFor(shell, kind), {
        env: freshEnvironment(env, shim),
        extendEnv: false,
        stdin: "ignore",
        stderr: "ignore",
        reject: false,
        timeout: patience,
        killSignal: "SIGKILL",
      });
      const found = /octopool-gh:(.*)/.exec(child.stdout)?.[1] ?? "";
      return { kind, found, first: found === shim };
    }),
  );
}

/** As after a new login: this terminal's own PATH entry for the shim proves nothing. */
function freshEnvironment(env: Environment, shim: string): Record<string, string> {
  const kept = ["HOME", "USER", "LOGNAME", "LANG", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR"];
  const entries = kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const path = (env.PATH ?? "").split(delimiter).filter((directory) => `${directory}/gh` !== shim);
  return { ...Object.fromEntries(entries), TERM: "dumb", PATH: path.join(delimiter) };
}

/** The program of a shell on PATH; `undefined` when it is not installed. */
export async function locateShell(shell: Shell, env: Environment): Promise<string | undefined> {
  const { accessSync, constants } = await import("node:fs");
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => `${directory}/${shell}`)
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
