import { expect, test } from "vitest";
import type { PoolStore } from "../../../relay-worker/coordinator/store.ts";
import { writeBehind } from "../../../relay-worker/coordinator/write-behind.ts";
import { read, start } from "./support.ts";

function bench() {
  const written: string[] = [];
  const turns: (() => void)[] = [];
  const store: PoolStore = {
    load: () => ({ budgets: [], cooldowns: [], leases: [], fills: [] }),
    saveBudget: (row) => written.push(`budget ${row.remaining}`),
    saveCooldown: (row) => written.push(`cooldown ${row.subject}`),
    saveLease: (row) => written.push(`lease ${row.identityId}`),
    saveFill: (row) => written.push(`fill ${row.ticket}`),
    deleteFill: (ticket) => written.push(`end ${ticket}`),
    prune: () => written.push("prune"),
  };
  let transactions = 0;
  const behind = writeBehind({
    store,
    transaction: (writes) => {
      transactions += 1;
      writes();
    },
    later: (flush) => turns.push(flush),
  });
  return {
    behind,
    written,
    transactions: () => transactions,
    nextTurn: () => {
      for (const turn of turns.splice(0)) turn();
    },
  };
}

const budget = (remaining: number) => ({ owner: "o", bucket: "core", limit: 9, remaining, reset: start }) as const;
const lease = { routeKey: "r", identityId: "a", expires: start };
const fill = { ticket: "t", request: read("k", []), startedAt: start, deadline: start, used: [], hold: null };
const cooldown = { subject: "a", scope: "identity", target: "", until: start, cause: "x", strikes: 0 } as const;

test("writes wait for the next turn, and go in one transaction with the last state of each row", () => {
  const { behind, written, transactions, nextTurn } = bench();
  behind.saveBudget(budget(5));
  behind.saveLease(lease);
  behind.saveBudget(budget(4));
  expect(written).toEqual([]);
  nextTurn();
  expect(written).toEqual(["budget 4", "lease a"]);
  expect(transactions()).toBe(1);
  behind.saveBudget(budget(3));
  nextTurn();
  expect(written).toEqual(["budget 4", "lease a", "budget 3"]);
});

test("a cooldown is written at once, with all that waits", () => {
  const { behind, written } = bench();
  behind.saveLease(lease);
  behind.saveCooldown(cooldown);
  expect(written).toEqual(["lease a", "cooldown a"]);
});

test("a fill that ends before it was written never is", () => {
  const { behind, written, nextTurn } = bench();
  behind.saveFill(fill, true);
  behind.saveFill(fill, false);
  behind.deleteFill("t");
  nextTurn();
  expect(written).toEqual([]);
});

test("a fill that was written is deleted when it ends, also right after a change", () => {
  const { behind, written, nextTurn } = bench();
  behind.saveFill(fill, true);
  nextTurn();
  behind.saveFill(fill, false);
  behind.deleteFill("t");
  nextTurn();
  expect(written).toEqual(["fill t", "end t"]);
});

test("pruning comes after waiting writes, so that a pruned row is not written again", () => {
  const { behind, written } = bench();
  behind.saveLease(lease);
  behind.prune(start);
  expect(written).toEqual(["lease a", "prune"]);
});
