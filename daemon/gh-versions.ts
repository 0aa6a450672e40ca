/**
 * The version of the gh that would run otherwise: what a command prints may depend on it. Asked of the program itself,
 * once for each that a caller's PATH leads to, and only for commands whose answer needs it.
 */
import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { basename } from "node:path";
import { OctopoolError } from "../shared/errors.ts";
import { findRealGh, isScript } from "../shared/find-gh.ts";

export interface GhVersionsOptions {
  /** Files that are Octopool itself. */
  readonly ourselves: readonly string[];
  /** A directory without gh's settings, for a gh that is only asked its version. */
  readonly directory: string;
  /** Resolves with the version; rejects where the program does not say one. */
  readonly ask?: typeof askGhVersion;
}

/** Longer than gh takes on any machine, and short enough to wait for. */
const patienceMs = 2_000;

/** Callers have few of them: what was forgotten is asked again. */
const mostPrograms = 16;

export class GhVersions {
  readonly #ourselves: readonly string[];
  readonly #directory: string;
  readonly #ask: typeof askGhVersion;
  /** By path and what tells one build from another. */
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor({ ourselves, directory, ask = askGhVersion }: GhVersionsOptions) {
    this.#ourselves = ourselves;
    this.#directory = directory;
    this.#ask = ask;
  }

  /**
   * Of the gh that a caller with these variables would run, such as `2.60.1`; `undefined` where that is not certain:
   * the caller's PATH is unknown, or what it leads to is a script or a link that chooses among several.
   */
  async of(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
    if (!env.PATH && !env.OCTOPOOL_GH_PATH) return undefined;
    const program = programOf({ env, ourselves: this.#ourselves });
    if (program === undefined) return undefined;
    const { path, key } = program;
    let version = this.#known.get(key);
    if (version === undefined) {
      version = this.#ask(path, this.#directory).catch(() => this.#forget(key));
      if (this.#known.size >= mostPrograms) this.#known.clear();
      this.#known.set(key, version);
    }
    return version;
  }

  /** It may have been a moment in which nothing could be started. */
  #forget(key: string): undefined {
    this.#known.delete(key);
  }
}

/** The program itself, and a name for this build of it. */
function programOf(search: Parameters<typeof findRealGh>[0]) {
  try {
    const path = realpathSync(findRealGh(search));
    // asdf, mise, snap and their like choose by directory and settings which gh it will be.
    if (basename(path) !== "gh" || isScript(path)) return undefined;
    const { dev, ino, size, mtimeMs } = statSync(path);
    return { path, key: `${path} ${dev}:${ino} ${size} ${mtimeMs}` };
  } catch (error) {
    // None, one that cannot be it, or one that went away while we looked.
    if (error instanceof OctopoolError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}

/**
 * Runs `gh --version`, which needs no settings, with none.
 *
 * @throws Error when the program does not answer in time, or not as gh does
 */
export function askGhVersion(path: string, directory: string): Promise<string> {
  const env = { GH_CONFIG_DIR: directory, GH_NO_UPDATE_NOTIFIER: "1", HOME: directory };
  return new Promise((resolve, reject) => {
    execFile(path, ["--version"], { cwd: "/", env, timeout: patienceMs }, (error, stdout) => {
      const version = /^gh version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
      if (error === null && version !== undefined) resolve(version);
      else reject(error ?? new Error(`${path} does not say its version as gh does`));
    });
  });
}
