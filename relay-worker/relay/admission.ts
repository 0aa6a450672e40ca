/**
 * How much GitHub work one client, and one caller over all clients, may have under way here. Hits never come by, and
 * identical reads count once, because only one of them is sent.
 */

import { fallbackLocal } from "../../shared/errors.ts";
import type { CallerAuth } from "../auth/caller.ts";
import type { Settings } from "../env.ts";
import type { RelayMemory } from "../memory.ts";

/** @throws OctopoolError fallback_local relay_overloaded. The answer of this function ends the admission. */
export function admit(memory: RelayMemory, settings: Settings, caller: CallerAuth, key: string): () => void {
  const client = `client ${caller.callerId} ${caller.clientName}`;
  const person = `caller ${caller.callerId}`;
  const full =
    isFull(memory, client, key, settings.maxFillsPerClient) || isFull(memory, person, key, settings.maxFillsPerCaller);
  if (full) throw fallbackLocal("relay_overloaded", "This client has too many reads under way.");
  add(memory, client, key);
  add(memory, person, key);
  return () => {
    remove(memory, client, key);
    remove(memory, person, key);
  };
}

function isFull(memory: RelayMemory, who: string, key: string, limit: number): boolean {
  const under = memory.fills.get(who);
  return under !== undefined && under.size >= limit && !under.has(key);
}

function add(memory: RelayMemory, who: string, key: string): void {
  const under = memory.fills.get(who) ?? new Map<string, number>();
  under.set(key, (under.get(key) ?? 0) + 1);
  memory.fills.set(who, under);
}

function remove(memory: RelayMemory, who: string, key: string): void {
  const under = memory.fills.get(who);
  if (!under) return;
  const left = (under.get(key) ?? 1) - 1;
  if (left > 0) under.set(key, left);
  else under.delete(key);
  if (under.size === 0) memory.fills.delete(who);
}
