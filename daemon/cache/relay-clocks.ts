/**
 * The clocks of relays, from their answers. With the duration of its request, an answer bounds from both sides how far
 * the relay's clock is ahead of this machine's.
 */
import type { RelayAnswer } from "../relay/client.ts";

interface Bound {
  readonly ahead: number;
  /** When it was found, ms. */
  readonly at: number;
}

/** Clocks drift apart, ms. */
const longestMs = 10 * 60_000;

export class RelayClocks {
  readonly #now: () => number;
  readonly #bounds = new Map<string, Bound>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param began when it was asked for, by this machine's clock, ms */
  heard(askerId: string, { head, relayNow }: Pick<RelayAnswer, "head" | "relayNow">, began: number): void {
    // Only a relay that sends events certainly supports moments.
    if (head.relay.events !== true || head.relay.answered_at === undefined) return;
    const now = this.#now();
    const [least, most] = [relayNow - now, relayNow - began];
    const known = this.#bounds.get(askerId);
    const holds = known !== undefined && now - known.at < longestMs && known.ahead >= least && known.ahead <= most;
    if (!holds) this.#bounds.set(askerId, { ahead: most, at: now });
  }

  /** How far the relay's clock is ahead of this one at most, ms; undefined where that is not known. */
  ahead(askerId: string): number | undefined {
    const known = this.#bounds.get(askerId);
    return known && this.#now() - known.at < longestMs ? known.ahead : undefined;
  }
}
