/** The shim's directory, and the files that each shell reads when it starts. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { installedShim } from "../../shared/find-gh.ts";
import { type Environment, environmentText } from "../../shared/settings/environment.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A shell reads its files from top to bottom: the end decides the order of PATH, unless the file returns early. */
export type Placement = "start" | "end";

interface StartupFile {
  readonly path: string;
  readonly placements: readonly Placement[];
}

export function homeOf(env: Environment): string {
  return environmentText(env, "HOME") ?? homedir();
}

/** A directory that holds only our gh, so that being first on PATH shadows no other program. */
export function defaultShimDirectory(env: Environment): string {
  return dirname(installedShim({ ...env, HOME: homeOf(env) }));
}

/** The files that together reach interactive, login and non-interactive shells; some may not exist yet. */
export function startupFiles(shell: Shell, env: Environment): readonly StartupFile[] {
  const home = homeOf(env);
  if (shell === "fish") {
    return [
      {
        path: join(environmentText(env, "XDG_CONFIG_HOME") ?? join(home, ".config"), "fish/config.fish"),
        placements: ["end"],
      },
    ];
  }
  if (shell === "zsh") {
    const directory = env.ZDOTDIR || home;
    // .zshenv is for scripts; a login's /etc/zprofile may reorder PATH after it, and .zshrc comes last.
    return [".zshenv", ".zprofile", ".zshrc"].map((name) => ({ path: join(directory, name), placements: ["end"] }));
  }
  return bashFiles(home);
}

/**
 * A login bash reads the first of three files only, so a new one must never shadow an old one. ~/.profile also serves
 * sh and the desktop's session. Many a .bashrc returns early for shells that are not interactive, ssh's among them:
 * its start is for those, its end for the others.
 */
function bashFiles(home: string): readonly StartupFile[] {
  const own = [".bash_profile", ".bash_login"].map((name) => join(home, name)).find((path) => existsSync(path));
  const profile = join(home, ".profile");
  const login = [own, own === undefined || existsSync(profile) ? profile : undefined].filter(
    (path) => path !== undefined,
  );
  return [
    { path: join(home, ".bashrc"), placements: ["start", "end"] },
    ...login.map((path): StartupFile => ({ path, placements: ["end"] })),
  ];
}

/** Every file that an installation may ever have touched, for its undoing. */
export function everyStartupFile(env: Environment): readonly string[] {
  const home = homeOf(env);
  const bash = [".bashrc", ".bash_profile", ".bash_login", ".profile"].map((name) => join(home, name));
  const others = (["zsh", "fish"] as const).flatMap((shell) => startupFiles(shell, env).map((file) => file.path));
  return [...bash, ...others];
}

/** A path as people write it: `~` for their home. */
export function shortPath(path: string, home: string): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
