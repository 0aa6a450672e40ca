/** One trial of the script: a machine with the shim first on PATH, a real gh behind it, and a relay. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { shimScript } from "../../../../cli/shim/script.ts";
import { ended, type FinishedProcess, TestMachine, testOctopool } from "../../../daemon/support/machine.ts";
import { RelayStandIn } from "../../../daemon/support/relay.ts";
import { onPath, type ShellName, shells } from "./shells.ts";

export class ShimTrial {
  readonly relay: RelayStandIn;
  readonly machine: TestMachine;
  /** The real gh: it says its arguments and copies its stdin, if that is open. */
  readonly real: string;
  readonly script: string;
  /** The shell with its options. */
  readonly #shell: readonly string[];

  private constructor(relay: RelayStandIn, name: ShellName) {
    this.relay = relay;
    this.machine = new TestMachine(relay.env);
    const [program, ...options] = shells[name];
    this.#shell = [onPath(program) ?? program, ...options];
    mkdirSync(join(this.machine.root, "real"));
    this.real = this.program("real/gh", 'echo "real: $*"\n[ -t 0 ] || cat || :');
    this.script = this.machine.install("gh", this.scriptFor([process.execPath, testOctopool]));
    this.machine.env.PATH = `${this.machine.bin}:${join(this.machine.root, "real")}:/usr/bin:/bin`;
  }

  static async start(name: ShellName): Promise<ShimTrial> {
    return new ShimTrial(await RelayStandIn.start(), name);
  }

  /** On a machine of its own, but with that trial's relay, and its daemon, which runs already. */
  beside(name: ShellName): ShimTrial {
    const trial = new ShimTrial(this.relay, name);
    trial.machine.env.OCTOPOOL_RUNTIME_DIR = this.machine.runtime;
    return trial;
  }

  /** Writes a program of sh below the machine's root. */
  program(name: string, script: string): string {
    const path = join(this.machine.root, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  scriptFor(client: readonly [string, ...string[]]): string {
    const uid = process.getuid?.() ?? 0;
    return shimScript({ client, gh: this.real, ghIsScript: true, version: "0.0.0", uid, platform: "linux" });
  }

  /** The shim with another Node than the test's own. */
  useNode(node: string): void {
    writeFileSync(this.script, this.scriptFor([node, testOctopool]));
  }

  /** `gh …` as the shell runs it. */
  command(args: readonly string[], flags: readonly string[] = []): readonly string[] {
    return [...this.#shell, ...flags, this.script, ...args];
  }

  run(
    args: readonly string[],
    env: Record<string, string> = {},
    flags: readonly string[] = [],
  ): Promise<FinishedProcess> {
    return ended(this.machine.start(this.command(args, flags), { env }));
  }

  /** `gh …` started by a line of sh, in which it is `"$@"`. */
  runBy(line: string, args: readonly string[]): Promise<FinishedProcess> {
    return ended(this.machine.start(["/bin/sh", "-c", line, "x", ...this.command(args)]));
  }

  async stop(): Promise<void> {
    await this.machine.stop();
    await this.relay.stop();
  }
}

interface Fixture {
  readonly onCleanup: (end: () => Promise<void>) => void;
}

/**
 * A test that is given a trial; skipped where the shell is not installed. `trial` is alone: a read starts its daemon.
 * `asking` asks a daemon that runs, except in the first of the installed shells: how one starts is the full client's,
 * which is the same in each.
 */
export function trialsIn(name: ShellName) {
  const installed = Object.values(shells).filter(([program]) => onPath(program) !== undefined);
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the needed fixtures from it.
  const alone = async ({}, { onCleanup }: Fixture) => {
    const trial = await ShimTrial.start(name);
    onCleanup(() => trial.stop());
    return trial;
  };
  const beside = async ({ running }: { running: ShimTrial }, { onCleanup }: Fixture) => {
    const trial = running.beside(name);
    onCleanup(() => trial.machine.stop());
    return trial;
  };
  const startsDaemons = shells[name] === installed[0];
  return (
    test
      // biome-ignore lint/correctness/noEmptyPattern: see above.
      .extend("running", { scope: "file" }, async ({}, { onCleanup }) => {
        const running = await ShimTrial.start(name);
        onCleanup(() => running.stop());
        await running.machine.startDaemon();
        return running;
      })
      .extend("trial", alone)
      .extend("asking", startsDaemons ? alone : beside)
      .skipIf(!installed.includes(shells[name]))
  );
}
