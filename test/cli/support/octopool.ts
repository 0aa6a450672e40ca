/** The real command in a process of its own, in a home of its own. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, inject, onTestFinished } from "vitest";
import { compileCacheOf } from "../../support/compile-cache.ts";

/** The entry, as it is installed. */
export const entry = inject("octopool");

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Home {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ran>;
  runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran>;
  /** Puts an executable script on this home's PATH. */
  script(name: string, text: string): string;
}

/** A person with a GitHub token, a private settings directory, no keyring and no gh. */
export function newHome(extra: Readonly<Record<string, string>> = {}): Home {
  const directory = mkdtempSync(join(tmpdir(), "octopool-cli-"));
  onTestFinished(async () => {
    await stopDaemon(join(directory, "run/octopool/daemon.sock"));
    rmSync(directory, { recursive: true, force: true });
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
    script: (name, text) => {
      const path = join(bin, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    },
  };
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
