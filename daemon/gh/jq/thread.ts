/** The thread that programs run in: it may be ended at any moment, and takes their memory with it. */
import { parentPort } from "node:worker_threads";
import { type JqRun, runProgram } from "./run.ts";

/** One request; `id` comes back with the answer. */
export interface JqRequest {
  readonly id: number;
  readonly program: string;
  readonly json: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

export interface JqResponse {
  readonly id: number;
  readonly run: JqRun;
}

/** As much as the largest answer of the relay; more would be copied and printed by the daemon's own thread. */
const longestOutput = 16 * 2 ** 20;

/** The thread is bounded by time. */
const steps = Number.MAX_SAFE_INTEGER;

const port = parentPort;

port?.on("message", ({ id, program, json, now }: JqRequest) => {
  const run = runProgram(program, json, { steps, now });
  const tooLong = "results" in run && JSON.stringify(run.results).length > longestOutput;
  const response: JqResponse = { id, run: tooLong ? { failure: "the jq expression prints too much" } : run };
  port.postMessage(response);
});
