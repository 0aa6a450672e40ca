/**
 * The version of the gh that would run otherwise: the output of a command may depend on it. The program itself reports
 * it, once for each gh on a caller's PATH, and only for commands whose answer needs it.
 */
import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { basename } from "node:path";
import { OctopoolError } from "../shared/errors.ts";
import { findRealGh, isScript } from "../shared/find-gh.ts";
import { readIfRegular } from "../shared/regular-file.ts";
import { GhRelease } from "./gh/versions.ts";

/** A gh that would run otherwise. */
export interface GhBuild {
  /** Such as `2.60.1`. */
  readonly version: string;
  /** Distinguishes this build from any other, also of the same version. */
  readonly key: string;
}

/** Finds the gh that would run otherwise. */
export interface GhVersionSource {
  /** The version alone; see {@link GhVersions.of}. */
  of(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined>;
  /** The same, with the identity of its build. */
  buildOf(env: Readonly<Record<string, string | undefined>>): Promise<GhBuild | undefined>;
}

interface GhVersionsOptions {
  /** Files that are Octopool itself. */
  readonly ourselves: readonly string[];
  /** A directory without gh's settings, for a gh that is only asked its version. */
  readonly directory: string;
  /** Resolves with the version; rejects where the program does not report one. */
  readonly ask?: typeof askGhVersion;
}

/** Longer than gh takes on any machine, and short enough to wait for. */
const patienceMs = 2_000;

/** Callers have few of them: the version of an evicted one is asked for again. */
const mostPrograms = 16;

export class GhVersions implements GhVersionSource {
  readonly #ourselves: readonly string[];
  readonly #directory: string;
  readonly #ask: typeof askGhVersion;
  /** By path and build. */
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor({ ourselves, directory, ask = askGhVersion }: GhVersionsOptions) {
    this.#ourselves = ourselves;
    this.#directory = directory;
    this.#ask = ask;
  }

  /**
   * Of the gh that a caller with these variables would run, such as `2.60.1`; `undefined` where that is not certain:
   * the caller's PATH is unknown, or its gh is a script or a link that chooses among several.
   */
  async of(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
    return (await this.buildOf(env))?.version;
  }

  /** The same, with the identity of its build. */
  async buildOf(env: Readonly<Record<string, string | undefined>>): Promise<GhBuild | undefined> {
    if (!env.PATH && !env.OCTOPOOL_GH_PATH) return undefined;
    const program = programOf({ env, ourselves: this.#ourselves });
    if (program === undefined) return undefined;
    const version = await this.#versionOf(program, env.PATH);
    if (version === undefined) return undefined;
    // For a newer gh only compared output is printed; for others the version decides, so it must be right.
    return program.certain || new GhRelease(version).isAhead ? { version, key: program.key } : undefined;
  }

  #versionOf({ path, key }: Program, searched: string | undefined): Promise<string | undefined> {
    let version = this.#known.get(key);
    if (version === undefined) {
      version = this.#ask(path, this.#directory, searched).catch((error: unknown) => this.#failed(key, error));
      if (this.#known.size >= mostPrograms) this.#known.clear();
      this.#known.set(key, version);
    }
    return version;
  }

  /**
   * A program that ended by itself will give the same result; otherwise the machine may just have been unable to start
   * a program.
   */
  #failed(key: string, error: unknown): undefined {
    const ended = error instanceof Error && "code" in error && typeof error.code === "number";
    if (!ended) this.#known.delete(key);
  }
}

interface Program {
  readonly path: string;
  readonly key: string;
  /** Its version is the same wherever it is run. */
  readonly certain: boolean;
}

/** The program itself, and a name for this build of it. */
function programOf(search: Parameters<typeof findRealGh>[0]): Program | undefined {
  try {
    const path = realpathSync(findRealGh(search));
    if (isChooser(path)) return undefined;
    const certain = !isScript(path) || isPlainWrapper(path);
    const leadsTo = isScript(path) ? [search.env.PATH ?? "", ...named(path).map(buildAt)] : [];
    return { path, certain, key: [buildAt(path), ...leadsTo].join("\n") };
  } catch (error) {
    // None, one that cannot be it, or one that went away while we looked.
    if (error instanceof OctopoolError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}

/** Distinguishes the file at a path from another that replaces it. */
function buildAt(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${path} ${stat.dev}:${stat.ino} ${stat.size} ${stat.mtimeMs}` : path;
}

/** The absolute paths that a script names: the gh behind it may be upgraded while the script stays. */
function named(script: string): readonly string[] {
  return readIfRegular(script)?.match(/(?<![\w.}])\/[\w.+@/-]+/g) ?? [];
}

/** Text of a script that lets another program choose which gh runs. */
const chooses =
  /asdf|mise|rtx|snap|flatpak|nix|direnv|devbox|flox|hermit|proto|aqua|volta|conda|docker|podman|\bssh\b/i;

/** Text of a script that reads its surroundings before it runs a gh. */
const looksAround = /version|\bpwd\b|PWD|`|\$\(/i;

const longestWrapper = 4096;

/** asdf, mise, snap and similar tools choose the gh by directory and settings. */
function isChooser(path: string): boolean {
  if (!isScript(path)) return basename(path) !== "gh";
  return !/^gh\b/.test(basename(path)) || chooses.test(readIfRegular(path) ?? "asdf");
}

/** A short script that only runs one program is as certain as that program; its version is that of the program. */
function isPlainWrapper(path: string): boolean {
  const text = readIfRegular(path) ?? "";
  return text.length <= longestWrapper && !looksAround.test(text.replaceAll(/--version|gh version/g, ""));
}

/**
 * Runs `gh --version` without settings, because it needs none.
 *
 * @throws Error when the program does not answer in time, or not as gh does
 */
export function askGhVersion(path: string, directory: string, searched = "/usr/bin:/bin"): Promise<string> {
  const places = { GH_CONFIG_DIR: directory, HOME: directory, PATH: searched };
  // With telemetry later versions make a file below HOME, and a runtime directory that others could enter is not used.
  const env = { ...places, GH_NO_UPDATE_NOTIFIER: "1", GH_TELEMETRY: "false" };
  return new Promise((resolve, reject) => {
    const child = execFile(path, ["--version"], { cwd: "/", env, timeout: patienceMs }, (error, stdout) => {
      const version = /^gh version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
      if (error === null && version !== undefined) resolve(version);
      else reject(error ?? new Error(`${path} does not say its version as gh does`));
    });
    // A script may wait for input that never comes.
    child.stdin?.on("error", () => undefined).end();
  });
}
