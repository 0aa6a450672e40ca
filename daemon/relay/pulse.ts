/** Whether a relay that is slow with a read lives: a question that costs it nothing, asked once for all that wait. */
import { discoveryPath } from "../../shared/discovery.ts";
import { errorBodySchema } from "../../shared/envelope.ts";
import type { Transport } from "./transport.ts";

export class Pulse {
  readonly #transport: Promise<Transport>;
  readonly #limitMs: number;
  #asking: Promise<boolean> | undefined;

  /** @param limitMs how long the relay has for its answer */
  constructor(transport: Promise<Transport>, limitMs: number) {
    this.#transport = transport;
    this.#limitMs = limitMs;
  }

  /** True when it answers as a relay does; joins a question that is under way. */
  beats(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<boolean> {
    try {
      const transport = await this.#transport;
      const { body } = await transport.get(discoveryPath, AbortSignal.timeout(this.#limitMs));
      const answer: unknown = JSON.parse(body.toString());
      return Object(answer).service === "octopool" || errorBodySchema.safeParse(answer).success;
    } catch {
      return false;
    }
  }
}
