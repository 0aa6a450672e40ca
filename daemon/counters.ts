/** Counters of this daemon, for `/status`. */

import { Latencies } from "./latencies.ts";

export class Counters {
  /** Reads answered from this machine's memory. */
  local = 0;
  /** Reads that joined one already in progress on this machine. */
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
  readonly relay = { hit: 0, stale: 0, miss: 0, bypass: 0, revalidated: 0 };
  /** Of the latest requests to the relay. */
  readonly relayLatency = new Latencies(256);
  /** Of the latest commands that were answered, inside this process. */
  readonly commandLatency = new Latencies(1024);

  /** Reads that GitHub would have been asked for, less those that it was. A coalesced answer counts once, here too. */
  get githubCallsSaved(): number {
    return Math.max(0, this.local + this.coalesced + this.stale + this.relayed - this.githubCalls);
  }
}
