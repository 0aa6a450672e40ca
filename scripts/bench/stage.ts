/** The stage of both benches: fresh bundles in a directory of their own, a relay that answers at once, one machine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestMachine } from "../../test/daemon/support/machine.ts";
import { type RelayReply, RelayStandIn } from "../../test/daemon/support/relay.ts";

const bundles = [
  "octopool.cjs",
  "native.cjs",
  "start-daemon.cjs",
  "daemon.cjs",
  "embedded.cjs",
  "work.cjs",
  "socket.cjs",
  "jq-worker.cjs",
];

export interface BenchStage {
  readonly relay: RelayStandIn;
  readonly machine: TestMachine;
  /** The bundled entry. */
  readonly entry: string;
  close(): Promise<void>;
}

/** Every read is answered with `answer`, fresh for a day. */
export async function setStage(answer: (path: string) => RelayReply): Promise<BenchStage> {
  const directory = mkdtempSync(join(tmpdir(), "octopool-bench-"));
  const build = join(import.meta.dirname, "../build.ts");
  execFileSync(process.execPath, [build, "--out", directory, ...bundles.flatMap((name) => ["--only", name])]);
  const relay = await RelayStandIn.start();
  // Long lifetimes at the relay make an answer immutable here, so that it stays warm for the whole run.
  relay.answer = ({ path }) => ({ fresh: 86_400, cache: "hit", age: 60, ...answer(path) });
  const machine = new TestMachine({ ...relay.env, OCTOPOOL_IDLE_SECONDS: "600" });
  return {
    relay,
    machine,
    entry: join(directory, "octopool.cjs"),
    close: async () => {
      await machine.stop();
      await relay.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The middle value; of an even number, the upper one of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
