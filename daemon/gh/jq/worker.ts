/** The thread that holds jq: it may be ended at any moment, and takes its memory with it. */
import { parentPort, workerData } from "node:worker_threads";
// Not import(): what the package exports is a promise, and a bundle's namespace object around one cannot be awaited.
import loading from "jq-web";

/** One request; `id` comes back with the answer. */
export interface JqRequest {
  readonly id: number;
  readonly program: string;
  readonly json: string;
}

/** `lines` is jq's output, one compact JSON text a line; absent when jq said anything but results. */
export interface JqResponse {
  readonly id: number;
  readonly lines?: string;
  /** jq itself broke (it aborted, or had no memory): this thread runs nothing any more. */
  readonly broken?: true;
}

/** As much as the largest answer of the relay; more would be copied and parsed by the daemon's own thread. */
const longestOutput = 16 * 2 ** 20;

const limitBytes = Number(Object(workerData).limitBytes);

// jq asks WebAssembly for memory as it needs it; refusing makes its allocation fail, which ends the program.
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function limited(this: WebAssembly.Memory, pages: number) {
  if (this.buffer.byteLength + pages * 65_536 > limitBytes) throw new RangeError("jq needs too much memory");
  return grow.call(this, pages);
};

// The library repeats here what jq says on stderr; the daemon's own output is not the place for it.
let complained = false;
console.warn = () => {
  complained = true;
};

const port = parentPort;

port?.on("message", (request: JqRequest) => {
  void answer(request).then((response) => port.postMessage(response));
});

async function answer({ id, program, json }: JqRequest): Promise<JqResponse> {
  try {
    const jq = await loading;
    complained = false;
    const lines = jq.raw(json, program, ["-c"]) ?? "";
    return complained || lines.length > longestOutput ? { id } : { id, lines };
  } catch (error) {
    // An error of the program has jq's exit code; anything else is the end of this instance.
    const isOrdinary = error instanceof Error && "exitCode" in error;
    return isOrdinary ? { id } : { id, broken: true };
  }
}
