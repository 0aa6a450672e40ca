/** One machine's worth of Octopool: its own home, runtime directory and name at the relay, so its own daemon. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { installedScript } from "../../cli/install/script.ts";
import { sharedMarksDirectory } from "../../shared/runtime-directory.ts";

const root = join(import.meta.dirname, "../..");
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

/** The command as `npm run build` makes it. */
export const octopoolBundle = join(root, "dist/octopool.cjs");

export interface Ran {
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly exitCode: number;
  readonly milliseconds: number;
}

export interface Machine {
  readonly name: string;
  /** All that lives on it: removed by {@link close}. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `octopool …` there. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs `gh …` there, by the very script that `octopool install-shim` installs, in a pipe. */
  gh(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Stops its daemon and removes its files. */
  close(): Promise<void>;
}

/** Makes a machine whose commands see nothing of this one's logins and settings. */
export async function createMachine(name: string, env: Readonly<Record<string, string>> = {}): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), `octopool-${name}-`));
  const places = { HOME: join(directory, "home"), XDG_RUNTIME_DIR: join(directory, "run") };
  for (const place of Object.values(places)) await mkdir(place, { mode: 0o700 });
  const surroundings: Record<string, string> = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LANG: process.env.LANG ?? "C.UTF-8",
    ...places,
    XDG_CONFIG_HOME: join(places.HOME, ".config"),
    OCTOPOOL_CREDENTIAL_STORE: "file",
    OCTOPOOL_CLIENT: name,
    ...env,
  };
  const shim = join(directory, "shim/gh");
  await mkdir(dirname(shim));
  const client = [process.execPath, octopoolBundle] as const;
  const script = { client, gh: env.OCTOPOOL_GH_PATH ?? "", version, uid: process.getuid?.() ?? 0 };
  await writeFile(shim, installedScript({ ...script, platform: process.platform }, 0), { mode: 0o755 });
  const runProgram = async (command: readonly [string, ...string[]], extra: Readonly<Record<string, string>>) => {
    const [program, ...args] = command;
    const started = performance.now();
    const result = await execa(program, args, {
      cwd: places.HOME,
      env: { ...surroundings, ...extra },
      extendEnv: false,
      reject: false,
      encoding: "buffer",
      stripFinalNewline: false,
      stdin: "ignore",
    });
    return {
      stdout: result.stdout,
      stderr: new TextDecoder().decode(result.stderr),
      exitCode: result.exitCode ?? 128,
      milliseconds: performance.now() - started,
    };
  };
  const run: Machine["run"] = (args, extra = {}) => runProgram([...client, ...args], extra);
  const gh: Machine["gh"] = (args, extra = {}) => runProgram([shim, ...args], extra);
  const close = async () => {
    await run(["daemon", "stop"]);
    const marks = sharedMarksDirectory({ env: surroundings, uid: process.getuid?.() ?? 0 });
    if (marks !== undefined) await rm(marks, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  return { name, directory, env: surroundings, run, gh, close };
}
