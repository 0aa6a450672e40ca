/**
 * Filters that the daemon does not compute, run by the caller's own gh over the JSON that is here already: `gh api`
 * with settings that send its one request to a socket of ours, which answers with that JSON. GitHub is not asked, and
 * no credential is used.
 */
import { isUtf8 } from "node:buffer";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { findRealGh, isScript } from "../../shared/find-gh.ts";
import { longestSocketPath } from "../../shared/runtime-directory.ts";
import type { Filter, Filtered, Invocation } from "../gh/engine.ts";

interface GhFilterOptions {
  /** A directory of this daemon alone; made when it is needed. */
  readonly directory: string;
  /** Files that are Octopool itself. */
  readonly ourselves: readonly string[];
}

/** Variables that change how gh prints. */
const printing = ["GH_FORCE_TTY", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLORTERM", "TZ"] as const;
/** Starts of gh at a time; the commands run more by themselves. */
const mostRunning = 8;
const patienceMs = 5_000;
const largestOutput = 64 * 2 ** 20;

export class GhFilter {
  readonly #options: GhFilterOptions;
  /** JSON texts that wait for their gh, by path. */
  readonly #texts = new Map<string, string>();
  #server: Promise<Server> | undefined;

  constructor(options: GhFilterOptions) {
    this.#options = options;
  }

  /** The output of the caller's gh; undefined where it cannot be run. */
  async run(filter: Filter, { env, tty }: Pick<Invocation, "env" | "tty">): Promise<Filtered | undefined> {
    if (tty.stdout || this.#texts.size >= mostRunning) return undefined;
    // The caller's variables are not here.
    if (filter.kind === "jq" && /\benv\b|\$ENV/.test(filter.program)) return undefined;
    const gh = this.#ghOf(env);
    if (gh === undefined || !(await this.#listen())) return undefined;
    const path = randomUUID();
    this.#texts.set(`/${path}`, filter.json);
    try {
      return await this.#ask(gh, [`--${filter.kind}=${filter.program}`, path], env);
    } finally {
      this.#texts.delete(`/${path}`);
    }
  }

  async close(): Promise<void> {
    (await this.#server?.catch(() => undefined))?.close();
    rmSync(this.#options.directory, { recursive: true, force: true });
  }

  /** A script may choose another gh than the caller's, or do more than run gh. */
  #ghOf(env: Invocation["env"]): string | undefined {
    try {
      const gh = findRealGh({ env, ourselves: this.#options.ourselves });
      return isScript(gh) ? undefined : gh;
    } catch {
      return undefined;
    }
  }

  async #listen(): Promise<boolean> {
    const socket = join(this.#options.directory, "filter.sock");
    if (Buffer.byteLength(socket) > longestSocketPath(process.platform)) return false;
    this.#server ??= this.#open(socket);
    return this.#server.then(
      () => existsSync(socket),
      () => false,
    );
  }

  async #open(socket: string): Promise<Server> {
    const { directory } = this.#options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, "config.yml"), `version: "1"\nhttp_unix_socket: ${socket}\n`, { mode: 0o600 });
    const server = createServer((request, response) => {
      const text = request.method === "GET" ? this.#texts.get(request.url ?? "") : undefined;
      response.writeHead(text === undefined ? 404 : 200, { "content-type": "application/json; charset=utf-8" });
      response.end(text ?? "{}");
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(socket, resolve);
    await promise;
    return server;
  }

  #ask(gh: string, args: readonly string[], caller: Invocation["env"]): Promise<Filtered | undefined> {
    const { directory } = this.#options;
    const shown = printing.flatMap((name) => (caller[name] === undefined ? [] : [[name, caller[name]]]));
    const env = {
      ...Object.fromEntries(shown),
      HOME: directory,
      GH_CONFIG_DIR: directory,
      GH_TOKEN: "none",
      GH_NO_UPDATE_NOTIFIER: "1",
      PATH: "/usr/bin:/bin",
    };
    const options = { cwd: "/", env, timeout: patienceMs, maxBuffer: largestOutput, encoding: "buffer" } as const;
    return new Promise((resolve) => {
      const child = execFile(gh, ["api", ...args], options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : error.code;
        // Killed, or never started: this is not gh's output. An incomplete character is not text, and would be printed
        // otherwise.
        const said = typeof exitCode === "number" && isUtf8(stdout) && isUtf8(stderr);
        resolve(said ? { stdout: stdout.toString(), stderr: stderr.toString(), exitCode } : undefined);
      });
      child.stdin?.end();
    });
  }
}
