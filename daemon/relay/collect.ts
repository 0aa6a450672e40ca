/** Gathers one response of a dispatcher in as little memory as it takes: one buffer where its length is announced. */
import type { Dispatcher } from "undici";

/** An answer as it came, its body still packed. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Largest answer accepted: the relay's own largest body as base64, with its head. */
export const largestAnswer = 16 * 1024 * 1024;

/** Sends the request; rejects with the system's or undici's error, or the signal's reason. */
export function collect(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<RawAnswer> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let abort: ((reason: Error) => void) | undefined;
    const leave = () => {
      reject(signal.reason);
      abort?.(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    let status = 0;
    let headers: RawAnswer["headers"] = {};
    let body = new Body(0);
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        abort = (reason) => controller.abort(reason);
        if (signal.aborted) controller.abort(signal.reason);
      },
      onResponseStart(controller, statusCode, received) {
        status = statusCode;
        headers = received;
        const announced = Number(received["content-length"] ?? 0);
        if (announced > largestAnswer) controller.abort(tooLarge());
        else body = new Body(announced);
      },
      onResponseData(controller, chunk) {
        if (!body.add(chunk)) controller.abort(tooLarge());
      },
      onResponseEnd() {
        signal.removeEventListener("abort", leave);
        resolve({ status, headers, body: body.whole() });
      },
      onResponseError(_controller, error) {
        signal.removeEventListener("abort", leave);
        reject(error);
      },
    });
  });
}

const tooLarge = () => new Error("the answer is larger than any of the relay's");

/** Bytes as they arrive; outside of Node's shared slab, so that keeping them keeps nothing else. */
class Body {
  readonly #buffer: Buffer | undefined;
  #length = 0;
  readonly #chunks: Buffer[] = [];

  constructor(announced: number) {
    if (announced > 0 && announced <= largestAnswer) this.#buffer = Buffer.allocUnsafeSlow(announced);
  }

  /** False when it is too much. */
  add(chunk: Buffer): boolean {
    const end = this.#length + chunk.length;
    if (end > (this.#buffer?.length ?? largestAnswer)) return false;
    if (this.#buffer) chunk.copy(this.#buffer, this.#length);
    else this.#chunks.push(Buffer.from(chunk));
    this.#length = end;
    return true;
  }

  whole(): Buffer {
    if (this.#buffer) return this.#buffer.subarray(0, this.#length);
    const whole = Buffer.allocUnsafeSlow(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) offset += chunk.copy(whole, offset);
    return whole;
  }
}
