/** What this daemon did, for `/status`. */

const latencySamples = 256;

export class Counters {
  /** Reads answered from this machine's memory. */
  local = 0;
  /** Reads that joined one already under way on this machine. */
  coalesced = 0;
  /** Requests to the relay that were answered. */
  relayed = 0;
  /** Answers past their lifetime, given because neither the relay nor GitHub could be asked. */
  stale = 0;
  /** Requests to the relay that failed for reasons of ours. */
  outages = 0;
  /** Reads that the relay left to the caller's own gh. */
  refused = 0;
  /** Calls of `gh` that were answered, and that were left to the real gh. */
  answered = 0;
  handedOver = 0;
  /** GitHub calls that the relay made for our reads. */
  githubCalls = 0;
  /** Of our requests: what the relay did for them. */
  readonly relay = { hit: 0, stale: 0, miss: 0, bypass: 0, revalidated: 0 };
  readonly #latencies: number[] = [];
  #nextSample = 0;

  /** Time of one request to the relay, in milliseconds. */
  latency(milliseconds: number): void {
    this.#latencies[this.#nextSample] = milliseconds;
    this.#nextSample = (this.#nextSample + 1) % latencySamples;
  }

  /** Reads that GitHub would have been asked for, less those that it was. A coalesced answer counts once, here too. */
  get githubCallsSaved(): number {
    return Math.max(0, this.local + this.coalesced + this.stale + this.relayed - this.githubCalls);
  }

  /** Median and 95th percentile of the latest requests; null before the first. */
  get relayLatency(): { readonly p50: number; readonly p95: number; readonly samples: number } | null {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    if (sorted.length === 0) return null;
    const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
    return { p50: at(0.5), p95: at(0.95), samples: sorted.length };
  }
}
