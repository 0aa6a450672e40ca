/** A machine of the lab: the shim installed, the real gh beside it, and every command under a time limit. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Machine, octopoolBundle } from "../../../scripts/stack/machine.ts";
import type { RealGh } from "./real-gh.ts";

export interface LabRun {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 and the signal's number is not imitated: null when a signal ended it. */
  readonly exitCode: number | null;
  readonly milliseconds: number;
  /** It was ended because it took longer than its limit. */
  readonly timedOut: boolean;
}

/** The oddities of one call. The test's own environment is not passed on. */
export interface Oddities {
  /** Over the machine's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** User and group id to run as; the test must be root. */
  readonly uid?: number;
  /** The command is ended after so many ms; 60,000 if absent. */
  readonly limitMs?: number;
  /** The shell that runs the installed script, such as `["busybox", "sh"]`; its own first line if absent. */
  readonly shell?: readonly string[];
  /** Lines of sh that run before the command, in its process: umask, ulimit, cd and rmdir, trap. */
  readonly before?: string;
}

export class LabMachine {
  readonly machine: Machine;
  readonly realGh: RealGh;
  /** The installed shim. */
  readonly shim: string;

  constructor(machine: Machine, realGh: RealGh, shim: string) {
    this.machine = machine;
    this.realGh = realGh;
    this.shim = shim;
  }

  get home(): string {
    return join(this.machine.directory, "home");
  }

  /** Where the daemon keeps its socket, lock and log. */
  get runtimeDirectory(): string {
    return join(this.machine.directory, "run", "octopool");
  }

  /** `gh …` through the installed sh script. */
  gh(args: readonly string[], oddities: Oddities = {}): Promise<LabRun> {
    return this.run([...(oddities.shell ?? []), this.shim, ...args], oddities);
  }

  /** `gh …` through the full client, as the package starts it. */
  client(args: readonly string[], oddities: Oddities = {}): Promise<LabRun> {
    return this.run([join(dirname(octopoolBundle), "octopool"), "gh", ...args], oddities);
  }

  octopool(args: readonly string[], oddities: Oddities = {}): Promise<LabRun> {
    return this.run([process.execPath, octopoolBundle, ...args], oddities);
  }

  /** The same by the real gh, for a trial's comparison. It is not noted as a call. */
  async real(args: readonly string[], oddities: Oddities = {}): Promise<LabRun> {
    const program = readFileSync(join(this.realGh.path, "../program"), "utf8").trim();
    return this.run([program, ...args], oddities);
  }

  /** Any program on this machine. */
  run(command: readonly string[], oddities: Oddities = {}): Promise<LabRun> {
    const { cwd = this.home, uid, limitMs = 60_000, before } = oddities;
    const words = before === undefined ? command : ["/bin/sh", "-c", `${before}\nexec "$@"`, "sh", ...command];
    const [program = "", ...args] = words;
    const merged = Object.entries({ ...this.machine.env, ...oddities.env });
    const env = Object.fromEntries(merged.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd,
        env,
        // A group of its own: a command that is ended at the limit takes its children along, and not the daemon.
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        ...(uid === undefined ? {} : { uid, gid: uid }),
      });
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      }, limitMs);
      child.once("error", reject);
      child.once("close", (exitCode) => {
        clearTimeout(timer);
        const [out, err] = [stdout, stderr].map((chunks) => Buffer.concat(chunks).toString());
        const milliseconds = performance.now() - started;
        resolve({ stdout: out ?? "", stderr: err ?? "", exitCode, milliseconds, timedOut });
      });
    });
  }

  /** The next command finds neither a daemon nor its memory. */
  async restart(): Promise<void> {
    await this.octopool(["daemon", "stop"]);
    await this.realGh.forget();
  }
}
