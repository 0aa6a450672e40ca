/**
 * Limits the reads in progress of one client, and of one caller over all clients, in this isolate. Cache hits are not
 * counted, and identical reads count once, because only one of them is sent.
 */

import { fallbackLocal } from "../../../shared/errors.ts";
import type { CallerAuth } from "../../auth/caller-auth.ts";
import type { Deps } from "../../deps.ts";
import type { Settings } from "../../env.ts";
import { memoryPart, type RelayMemory } from "../../memory.ts";

/** One read that may reach GitHub. */
interface UnderWay {
  /** ms since the epoch. */
  readonly since: number;
}

/** Reads in progress that may reach GitHub: client or caller → their keys. */
export const readsInProgress = memoryPart(() => new Map<string, Map<string, Set<UnderWay>>>());

/** No read takes longer; an older entry belongs to a request that the runtime ended. */
const longestMs = 120_000;

/** @throws OctopoolError fallback_local relay_overloaded. The answer of this function ends the admission. */
export function admit({ memory, clock }: Deps, settings: Settings, caller: CallerAuth, key: string): () => void {
  const now = clock();
  const client = `client ${caller.callerId} ${caller.clientName}`;
  const person = `caller ${caller.callerId}`;
  for (const holder of [client, person]) forgetBroken(memory, holder, now);
  const full =
    isFull(memory, client, key, settings.maxFillsPerClient) || isFull(memory, person, key, settings.maxFillsPerCaller);
  if (full) throw fallbackLocal("relay_overloaded", "This client has too many reads in progress.");
  const mine: UnderWay = { since: now };
  add(memory, client, key, mine);
  add(memory, person, key, mine);
  return () => {
    remove(memory, client, key, mine);
    remove(memory, person, key, mine);
  };
}

function isFull(memory: RelayMemory, holder: string, key: string, limit: number): boolean {
  const under = readsInProgress(memory).get(holder);
  return under !== undefined && under.size >= limit && !under.has(key);
}

function add(memory: RelayMemory, holder: string, key: string, mine: UnderWay): void {
  const under = readsInProgress(memory).get(holder) ?? new Map<string, Set<UnderWay>>();
  const same = under.get(key) ?? new Set<UnderWay>();
  under.set(key, same.add(mine));
  readsInProgress(memory).set(holder, under);
}

function remove(memory: RelayMemory, holder: string, key: string, mine: UnderWay): void {
  const under = readsInProgress(memory).get(holder);
  const same = under?.get(key);
  if (!under || !same) return;
  same.delete(mine);
  if (same.size === 0) under.delete(key);
  if (under.size === 0) readsInProgress(memory).delete(holder);
}

function forgetBroken(memory: RelayMemory, holder: string, now: number): void {
  for (const [key, same] of readsInProgress(memory).get(holder) ?? []) {
    for (const each of same) if (now - each.since > longestMs) remove(memory, holder, key, each);
  }
}
