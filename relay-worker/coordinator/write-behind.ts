/**
 * Writes in the turn after the answer has left, all of them in one transaction. A Durable Object holds back an answer
 * until the writes before it are on disk: written inside `begin` and `end`, they tripled the cost of a miss (measured
 * on workerd, 32 misses at once: 1.8 ms each against 0.6). A crash within that millisecond may lose the last leases,
 * fills and counts, which GitHub's next answer restores. It never loses a cooldown: those are written at once, together
 * with all waiting writes.
 */
import type { PoolStore } from "./store.ts";

interface WriteBehindDeps {
  readonly store: PoolStore;
  /** Runs the writes as one. */
  readonly transaction: (writes: () => void) => void;
  /** Calls the flush after the present turn. */
  readonly later: (flush: () => void) => void;
}

export function writeBehind({ store, transaction, later }: WriteBehindDeps): PoolStore {
  /** The last write of each row. */
  const pending = new Map<string, () => void>();
  /** Fills that are not in the store yet: when they end first, there is nothing to write. */
  const unwritten = new Set<string>();
  let planned = false;

  const flush = (): void => {
    planned = false;
    if (pending.size === 0) return;
    transaction(() => {
      for (const write of pending.values()) write();
    });
    pending.clear();
    unwritten.clear();
  };
  const put = (key: string, write: () => void): void => {
    pending.set(key, write);
    if (planned) return;
    planned = true;
    later(flush);
  };

  return {
    load: () => store.load(),
    prune: (now) => {
      flush();
      store.prune(now);
    },
    saveBudget: (row) => put(`budget ${row.bucket} ${row.owner}`, () => store.saveBudget(row)),
    saveLease: (row) => put(`lease ${row.routeKey}`, () => store.saveLease(row)),
    saveCooldown: (row) => {
      pending.set(`cooldown ${row.scope} ${row.subject} ${row.target}`, () => store.saveCooldown(row));
      flush();
    },
    saveFill: (row, isNew) => {
      if (isNew) unwritten.add(row.ticket);
      put(`fill ${row.ticket}`, () => store.saveFill(row, isNew));
    },
    deleteFill: (ticket) => {
      if (unwritten.delete(ticket)) pending.delete(`fill ${ticket}`);
      else put(`fill ${ticket}`, () => store.deleteFill(ticket));
    },
  };
}
