import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { changeBehindScreens } from "./changes.ts";
import { Checkouts } from "./checkout.ts";
import { type Emulator, otherHosts, startEmulator } from "./emulator.ts";
import { type ProcessOutput, run } from "./run.ts";

interface BenchOptions {
  /** The real gh; absent where only Octopool is asked. */
  gh?: string;
  /** A world file, or a directory of them. */
  world: string;
  /** Have the emulator listen on TCP too. */
  tcp?: boolean;
}

/** An emulated GitHub with everything around it that a command sees: home, settings, directories, checkouts. */
export class Bench {
  readonly emulator: Emulator;
  /** All that lives during the comparison; removed at its end. */
  readonly directory: string;
  /** The real gh; absent where only Octopool is asked. */
  readonly gh: string | undefined;
  readonly #checkouts: Checkouts;
  /** Directories of gh's settings with hosts. */
  readonly #settings = new Map<string, Promise<void>>();
  #ownWorlds = 0;

  private constructor(emulator: Emulator, directory: string, options: BenchOptions) {
    this.emulator = emulator;
    this.directory = directory;
    this.gh = options.gh;
    this.#checkouts = new Checkouts(directory, this.environment("octopool"), emulator.world);
  }

  static async open(options: BenchOptions): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), "octopool-differential-"));
    const emulator = await startEmulator(options.world, {
      socket: join(directory, "github.sock"),
      tcp: options.tcp ?? false,
    });
    for (const place of ["home", "empty", "gh", "octopool", "cache"]) await mkdir(join(directory, place));
    await writeFile(join(directory, "gh", "config.yml"), settingsFor(emulator));
    return new Bench(emulator, directory, options);
  }

  /** The real gh's version, such as `2.46.0`. */
  async ghVersion(): Promise<string> {
    const { stdout } = await this.askGh({ args: ["--version"] });
    const version = /gh version (\d+\.\d+\.\d+)/.exec(stdout.toString())?.[1];
    if (version === undefined) throw new Error(`${this.gh} does not answer --version as gh does`);
    return version;
  }

  /** The real gh's answer. */
  async askGh(each: Case): Promise<ProcessOutput> {
    if (this.gh === undefined) throw new Error("no real gh was given");
    const command = { gh: this.gh, env: await this.environmentOf("gh", each) };
    return each.changes ? this.#askInOwnWorld(command, each) : this.#run(command, each);
  }

  async #run({ gh, env }: GhCommand, each: Case, onStdout?: (chunk: Buffer) => void): Promise<ProcessOutput> {
    return run(gh, each.args, { cwd: await this.place(each), env, stdin: each.stdin, onStdout });
  }

  async #askInOwnWorld({ gh, env }: GhCommand, each: Case): Promise<ProcessOutput> {
    await using github = await this.ownWorld();
    const settings = `${github.socket}.gh`;
    await mkdir(settings);
    await writeFile(join(settings, "config.yml"), settingsFor(github));
    const onStdout = changeBehindScreens(each.changes ?? [], github.change);
    return await this.#run({ gh, env: { ...env, GH_CONFIG_DIR: settings } }, each, onStdout);
  }

  /** Another GitHub of the same world, for a case that changes it. */
  async ownWorld(): Promise<Emulator & AsyncDisposable> {
    this.#ownWorlds += 1;
    const socket = join(this.directory, `own-${this.#ownWorlds}.sock`);
    const emulator = await this.emulator.another(socket);
    return { ...emulator, [Symbol.asyncDispose]: emulator.close };
  }

  /** Where a command runs. */
  async place({ cwd, checkout, files }: Case): Promise<string> {
    if (files) return this.#placeOf(files);
    return cwd === "repo" ? this.#checkouts.of(checkout) : join(this.directory, "empty");
  }

  async #placeOf(files: Readonly<Record<string, string>>): Promise<string> {
    const directory = await mkdtemp(join(this.directory, "files-"));
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return directory;
  }

  /** {@link environment} of a case. */
  async environmentOf(settings: "gh" | "octopool", { hosts, env }: Case): Promise<Record<string, string>> {
    const common = this.environment(settings);
    if (hosts === undefined) return { ...common, ...env };
    const { GH_TOKEN: _none, ...rest } = common;
    const directory = join(this.directory, [settings, ...hosts].join("-"));
    // Made once: another gh may be reading it.
    const made = this.#settings.get(directory) ?? this.#makeSettings(directory, hosts);
    this.#settings.set(directory, made);
    await made;
    return { ...rest, GH_CONFIG_DIR: directory, ...env };
  }

  async #makeSettings(directory: string, hosts: NonNullable<Case["hosts"]>): Promise<void> {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "config.yml"), settingsFor(this.emulator));
    const tokens = { ...otherHosts, "github.com": this.emulator.viewerToken };
    const entries = hosts.map((host) => `${host}:\n    user: ada\n    oauth_token: ${tokens[host]}\n`);
    await writeFile(join(directory, "hosts.yml"), entries.join(""));
  }

  /** Nothing of this machine's settings reaches either side. */
  environment(settings: "gh" | "octopool"): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: join(this.directory, "home"),
      GH_CONFIG_DIR: join(this.directory, settings),
      GH_TOKEN: this.emulator.viewerToken,
      XDG_CACHE_HOME: join(this.directory, "cache"),
      TMPDIR: join(this.directory, "cache"),
      GH_NO_UPDATE_NOTIFIER: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CEILING_DIRECTORIES: this.directory,
      TZ: process.env.TZ ?? "UTC",
      LC_ALL: "C.UTF-8",
    };
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The real gh with the environment of one case. */
interface GhCommand {
  readonly gh: string;
  readonly env: Readonly<Record<string, string>>;
}

function settingsFor({ socket }: Emulator): string {
  return `version: "1"\nhttp_unix_socket: ${socket}\n`;
}
