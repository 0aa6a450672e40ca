/** Whether a relay that is slow with a read still works: a cheap request, sent once for all waiting reads. */
import { discoveryPath } from "../../shared/discovery.ts";
import { errorBodySchema } from "../../shared/envelope.ts";
import type { Transport } from "./transport.ts";

/** How late a timer may be before this process counts as starved of time, ms. */
const lateMs = 150;
const everyMs = 100;

/** Watches whether this process gets to run in time. */
class Starvation {
  seen = false;
  #last = performance.now();
  readonly #timer = setInterval(() => this.#tick(), everyMs).unref();

  #tick(): void {
    const now = performance.now();
    if (now - this.#last > everyMs + lateMs) this.seen = true;
    this.#last = now;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

export class Pulse {
  readonly #transport: Promise<Transport>;
  readonly #limitMs: number;
  #asking: Promise<boolean> | undefined;

  /** @param limitMs how long the relay has for its answer */
  constructor(transport: Promise<Transport>, limitMs: number) {
    this.#transport = transport;
    this.#limitMs = limitMs;
  }

  /** True when it answers as a relay does; joins a request in progress. */
  beats(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<boolean> {
    const starvation = new Starvation();
    try {
      const transport = await this.#transport;
      const { body } = await transport.get(discoveryPath, AbortSignal.timeout(this.#limitMs));
      const answer: unknown = JSON.parse(body.toString());
      return Object(answer).service === "octopool" || errorBodySchema.safeParse(answer).success;
    } catch {
      // On a machine that is this busy the answer may lie here unread: silence proves nothing.
      return starvation.seen;
    } finally {
      starvation.end();
    }
  }
}
