/** One machine of a test: its own runtime directory, home and PATH; everything it started ends with it. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedMarksDirectory } from "../../../shared/runtime-directory.ts";
import { writeTokenFile } from "../../../shared/settings/credentials/file.ts";
import { fingerprint } from "../../../shared/settings/credentials/fingerprint.ts";
import { credentialsPath } from "../../../shared/settings/paths.ts";
import { writeSaved } from "../../../shared/settings/write.ts";
import { type WholeAnswer, wholeAnswer } from "../../support/loopback.ts";
import { removeTree } from "../../support/remove-tree.ts";

/** `octopool` with the test's engine: bundled where that is done for a whole run; elsewhere, as in benches, its source. */
export const testOctopool =
  (process.env.VITEST && (await import("vitest")).inject("testOctopool")) || join(import.meta.dirname, "octopool.ts");

export interface FinishedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestMachine {
  readonly root: string;
  readonly runtime: string;
  readonly home: string;
  /** First on PATH. */
  readonly bin: string;
  readonly env: Record<string, string>;
  readonly #children = new Set<ChildProcess>();

  constructor(env: Record<string, string> = {}) {
    this.root = mkdtempSync(join(tmpdir(), "octopool-test-"));
    this.runtime = join(this.root, "run");
    this.home = join(this.root, "home");
    this.bin = join(this.root, "bin");
    mkdirSync(this.home);
    mkdirSync(this.bin);
    this.env = {
      PATH: `${this.bin}:/usr/bin:/bin`,
      HOME: this.home,
      OCTOPOOL_RUNTIME_DIR: this.runtime,
      OCTOPOOL_IDLE_SECONDS: "120",
      ...env,
    };
  }

  get socket(): string {
    return join(this.runtime, "daemon.sock");
  }

  /** Saves a login, as `octopool login` does; a token in the environment is read elsewhere. */
  async logIn(server: string, token: string, pool = "maintainers"): Promise<void> {
    const names = { clientName: "test", login: "mona" };
    const tokenFingerprint = fingerprint(token);
    await writeSaved(this.env, { server, pool, ...names, store: "file", tokenFingerprint });
    writeTokenFile(credentialsPath(this.env), server, token);
  }

  /** A program on this machine's PATH. */
  install(name: string, script: string): string {
    const path = join(this.bin, name);
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    return path;
  }

  /** A real gh that prints its arguments. */
  installGh(script = 'echo "real gh: $*"'): string {
    return this.install("gh", `#!/bin/sh\n${script}\n`);
  }

  start(command: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: options.cwd ?? this.root,
      env: { ...this.env, ...options.env },
    });
    this.#children.add(child);
    child.once("close", () => this.#children.delete(child));
    return child;
  }

  /** Program and arguments of `octopool …`, from source. */
  command(...args: readonly string[]): readonly [string, ...string[]] {
    return [process.execPath, testOctopool, ...args];
  }

  /** `gh …` through the shim, from source. */
  startGh(args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    return this.start(this.command("gh", ...args), options);
  }

  async gh(
    args: readonly string[],
    options: { env?: Record<string, string>; cwd?: string } = {},
  ): Promise<FinishedProcess> {
    return ended(this.startGh(args, options));
  }

  /** A daemon in the foreground; resolves when it listens, with the process. */
  async startDaemon(env: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, [testOctopool, "daemon", "run", "--channel"], {
      env: { ...this.env, ...env },
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    this.#children.add(child);
    const said = await firstLine(child);
    if (said !== "ready") throw new Error(`the daemon said ${JSON.stringify(said)}`);
    return child;
  }

  /** One request to the daemon's socket. */
  ask(
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<WholeAnswer> {
    return askSocket(this.socket, method, path, options);
  }

  async status(): Promise<Record<string, never>> {
    return JSON.parse((await this.ask("GET", "/status")).body.toString());
  }

  /** Process ids of every daemon that lives in this machine's runtime directory. */
  daemons(): readonly number[] {
    return readdirSync("/proc").flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      const isDaemon =
        readIfThere(`/proc/${name}/cmdline`).includes("daemon\0run") &&
        readIfThere(`/proc/${name}/environ`).includes(`OCTOPOOL_RUNTIME_DIR=${this.runtime}\0`);
      return isDaemon ? [Number(name)] : [];
    });
  }

  log(): string {
    return readIfThere(join(this.runtime, "daemon.log"));
  }

  /** Ends its processes and removes its files. */
  async stop(): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    for (const pid of this.daemons()) process.kill(pid, "SIGKILL");
    const marks = sharedMarksDirectory({ env: this.env, uid: process.getuid?.() ?? 0 });
    if (marks !== undefined) rmSync(marks, { recursive: true, force: true });
    await removeTree(this.root);
  }
}

function askSocket(
  socketPath: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<WholeAnswer> {
  return wholeAnswer({ socketPath, method, path, headers: { connection: "close", ...headers } }, body);
}

/** Collects a process's output until it ends. Its stdin is empty, unless it is kept open for the test. */
export function ended(
  child: ChildProcessWithoutNullStreams,
  { stdin = "" as "" | "open" } = {},
): Promise<FinishedProcess> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  if (stdin === "") child.stdin.end();
  return new Promise((resolve) => {
    child.once("close", (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    child.stdio[3]?.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    child.stdio[3]?.once("close", () => resolve(said.trim()));
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
