/** The real command in a process of its own, in a home of its own. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { execa } from "execa";
import { expect, inject, onTestFinished } from "vitest";
import { compileCacheOf } from "../../support/compile-cache.ts";
import { removeTree } from "../../support/remove-tree.ts";

/** The entry, as it is installed. */
export const entry = inject("octopool");

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Home {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ran>;
  runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran>;
  /** As `run`, but within this process: for commands that start no program and no daemon. */
  here(...args: readonly string[]): Promise<Ran>;
  hereWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran>;
  /** Puts an executable script on this home's PATH. */
  script(name: string, text: string): string;
}

/** A person with a GitHub token, a private settings directory, no keyring and no gh. */
export function newHome(extra: Readonly<Record<string, string>> = {}): Home {
  const directory = mkdtempSync(join(tmpdir(), "octopool-cli-"));
  onTestFinished(async () => {
    await stopDaemon(join(directory, "run/octopool/daemon.sock"));
    await removeTree(directory);
  });
  const bin = join(directory, "bin");
  mkdirSync(bin);
  mkdirSync(join(directory, "run"), { mode: 0o700 });
  const env = {
    HOME: directory,
    PATH: bin,
    XDG_CONFIG_HOME: join(directory, "config"),
    XDG_RUNTIME_DIR: join(directory, "run"),
    OCTOPOOL_CREDENTIAL_STORE: "file",
    OCTOPOOL_CLIENT: "laptop",
    GH_TOKEN: "ghp_personal",
    ...compileCacheOf(entry),
    ...extra,
  };
  const runWith = async (more: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> => {
    const child = await execa(process.execPath, [entry, ...args], {
      env: { ...env, ...more },
      extendEnv: false,
      cwd: directory,
      reject: false,
      stdin: "ignore",
      stripFinalNewline: false,
    });
    if (child.exitCode === undefined)
      throw new Error(`octopool ${args.join(" ")} ended by ${child.signal}: ${child.message}`);
    return { stdout: child.stdout, stderr: child.stderr, exitCode: child.exitCode };
  };
  return {
    directory,
    env,
    run: (...args) => runWith({}, ...args),
    runWith,
    here: (...args) => runHere(args, env, directory),
    hereWith: (more, ...args) => runHere(args, { ...env, ...more }, directory),
    script: (name, text) => {
      const path = join(bin, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    },
  };
}

async function runHere(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Promise<Ran> {
  // Loaded here: most files start processes only.
  const [{ run }, { ioOf }] = await Promise.all([import("../../../cli/program.ts"), import("../../../cli/io.ts")]);
  const [stdout, stderr] = [collector(), collector()];
  const surroundings = { stdin: new PassThrough().end(), signal: new AbortController().signal };
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const exitCode = await run(
    args,
    ioOf({ ...surroundings, ...streams, env, cwd, ourselves: [entry, process.execPath] }),
  );
  return { stdout: stdout.text(), stderr: stderr.text(), exitCode };
}

/** An output that is no terminal. */
function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** Resolves when the daemon on that socket, if there is one, has left. */
async function stopDaemon(socketPath: string): Promise<void> {
  if (!existsSync(socketPath)) return;
  await new Promise<void>((resolve) => {
    const call = request({ socketPath, path: "/shutdown", method: "POST" }, (response) => {
      response.resume().on("close", resolve);
    });
    call.on("error", () => resolve()).end();
  });
  await expect.poll(() => existsSync(socketPath), { timeout: 20_000 }).toBe(false);
}
