import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { Checkouts } from "./checkout.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { type Answer, run } from "./run.ts";

export interface BenchOptions {
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
    await writeFile(join(directory, "gh", "config.yml"), `http_unix_socket: ${emulator.socket}\n`);
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
  async askGh(each: Case): Promise<Answer> {
    if (this.gh === undefined) throw new Error("no real gh was given");
    const env = { ...this.environment("gh"), ...each.env };
    return run(this.gh, each.args, { cwd: await this.place(each), env, stdin: each.stdin });
  }

  /** Where a command runs. */
  place({ cwd, checkout }: Case): Promise<string> {
    return cwd === "repo" ? this.#checkouts.of(checkout) : Promise.resolve(join(this.directory, "empty"));
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
