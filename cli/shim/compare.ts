/**
 * Runs the real gh in our place, passes on its bytes as they come, and sends them to the daemon. The caller always gets
 * gh's answer; the daemon compares its own with it.
 */
import { spawn } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:os";
import { comparisonPath } from "../../shared/protocol.ts";
import type { RuntimePlace } from "../../shared/runtime-directory.ts";
import { ask } from "../daemon-socket.ts";

interface Comparison {
  readonly id: string;
  readonly place: RuntimePlace;
}

/** Enough to find the first line that differs. */
const keptBytes = 64 * 1024;

/** A stream, reported by its digest and its start. */
export class Seen {
  readonly #hash: Hash = createHash("sha256");
  readonly #start: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    if (this.#length < keptBytes) this.#start.push(chunk.subarray(0, keptBytes - this.#length));
    this.#length += chunk.length;
  }

  get report() {
    return { sha256: this.#hash.digest("hex"), start: Buffer.concat(this.#start).toString() };
  }
}

/** Resolves with gh's exit code (128+n for a signal). @throws the system's error where gh cannot be started. */
export async function runCompared(
  gh: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { id, place }: Comparison,
): Promise<number> {
  const [stdout, stderr] = [new Seen(), new Seen()];
  const exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(gh, args, { stdio: ["inherit", "pipe", "pipe"], env: { ...env }, argv0: "gh" });
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
    for (const signal of ["SIGINT", "SIGQUIT"] as const) process.on(signal, () => undefined);
    child.stdout.on("data", (chunk: Buffer) => stdout.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.add(chunk));
    // A reader that has gone ends gh as it would without us.
    process.stdout.on("error", () => child.stdout.destroy());
    child.stdout.pipe(process.stdout, { end: false });
    child.stderr.pipe(process.stderr, { end: false });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  await sendComparison(place, { id, stdout: stdout.report, stderr: stderr.report, exitCode });
  return exitCode;
}

/** A daemon that does not listen any more has nothing to compare. */
export async function sendComparison(place: RuntimePlace, report: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  await ask(place, "POST", comparisonPath, { headers, body: JSON.stringify(report) }).catch(() => undefined);
}
