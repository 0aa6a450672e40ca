/** The real gh on an emulated GitHub, which counts its requests. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type GitHub, startGitHub, type WorldFile } from "../../../test/github-emulator/index.ts";

const run = promisify(execFile);

export interface Count {
  readonly rest: number;
  readonly graphql: number;
  readonly points: number;
}

interface Counted {
  readonly token: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class GhCounter {
  readonly github: GitHub;
  /** Addresses that the last command asked. */
  seen: string[] = [];
  readonly #gh: string;
  readonly #directory: string;

  private constructor(gh: string, github: GitHub, directory: string) {
    this.#gh = gh;
    this.github = github;
    this.#directory = directory;
    const handle = github.engine.handle.bind(github.engine);
    github.engine.handle = (incoming) => {
      this.seen.push(incoming.url);
      return handle(incoming);
    };
  }

  static async start(gh: string, world: WorldFile, now?: () => number): Promise<GhCounter> {
    const directory = mkdtempSync(join(tmpdir(), "octopool-count-gh-"));
    const socket = join(directory, "github.sock");
    const github = await startGitHub({ world, socket, ...(now && { now }) });
    mkdirSync(join(directory, "gh"));
    writeFileSync(join(directory, "gh", "config.yml"), `http_unix_socket: ${socket}\n`);
    return new GhCounter(gh, github, directory);
  }

  /** The requests of one command, its answer and exit code ignored: failing checks end with 1. */
  async count({ token, args, env = {} }: Counted): Promise<Count> {
    const { engine } = this.github;
    const { viewer } = engine.authenticator.authenticate(`token ${token}`, "127.0.0.1");
    const used = () => engine.budgets.state(viewer, "graphql").used;
    const before = used();
    this.seen = [];
    const surroundings = {
      PATH: "/usr/bin:/bin",
      HOME: this.#directory,
      GH_CONFIG_DIR: join(this.#directory, "gh"),
      GH_TOKEN: token,
      GH_NO_UPDATE_NOTIFIER: "1",
      ...env,
    };
    await run(this.#gh, args, {
      cwd: this.#directory,
      env: surroundings,
      timeout: 20_000,
      maxBuffer: 1 << 26,
    }).catch(() => undefined);
    const graphql = this.seen.filter((url) => url.startsWith("/graphql")).length;
    return { rest: this.seen.length - graphql, graphql, points: used() - before };
  }

  async close(): Promise<void> {
    await this.github.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The first line of `gh --version`. */
export async function versionOf(gh: string): Promise<string> {
  const { stdout } = await run(gh, ["--version"]);
  return stdout.split("\n")[0] ?? "";
}
