/**
 * Answers a read that others decide by from the cache, where the pool's policy lets events vouch for it: GitHub
 * confirmed the entry within a minute, it is within its lifetime and shows every event, no later event affects it, and
 * each of its families of events is `ok`. In any doubt GitHub is asked.
 */
import { laneState } from "../../shared/events/families.ts";
import { vouchedMs, vouchersOf } from "../../shared/events/gates.ts";
import { settleMs } from "../../shared/events/settle.ts";
import { concerns } from "../../shared/events/tags.ts";
import type { CacheEntry } from "../cache/entry.ts";
import type { RelayContext } from "../context.ts";
import { takesEvents } from "../env.ts";
import { logTrouble } from "../log.ts";
import { eventsOf } from "../marks/client.ts";
import type { Testimony } from "../marks/contract.ts";
import { policyOf } from "../pools/definition.ts";
import { standingOfHeld, tagsFor } from "./fill/settling.ts";
import { answerable } from "./known/answerable.ts";
import type { Known } from "./known/lookup.ts";
import type { Plan } from "./plan.ts";

type Vouched = Pick<Known, "entry" | "pool" | "proof">;

/** The entry that answers; undefined where GitHub must be asked. */
export async function vouchedEntry(
  { deps, env }: RelayContext,
  plan: Plan,
  known: Vouched,
): Promise<CacheEntry | undefined> {
  const { entry, pool } = known;
  const families = plan.gate && vouchersOf(plan.classified.route.kind, policyOf(pool).gates ?? "ask");
  const events = takesEvents(env) ? eventsOf(env) : undefined;
  if (!families || !events || !entry || !isYoung(plan, { ...known, entry }, deps.clock())) return undefined;
  try {
    const told = await events.testify(plan.repo, entry.createdAt - settleMs);
    const isHeard = families.every((family) => laneOf(told, family) === "ok");
    return told.covered && isHeard && showsAll(plan, entry, told) ? entry : undefined;
  } catch (error) {
    logTrouble("events were not asked for", error);
    return undefined;
  }
}

/** The entry must also be within its own lifetime and the caller's other bounds, and proven public. */
function isYoung(plan: Plan, { entry, pool, proof }: Vouched & { readonly entry: CacheEntry }, now: number): boolean {
  if (entry.answer.status !== 200 || entry.answer.unsettled) return false;
  return answerable(entry, { plan: { ...plan, maxAgeMs: vouchedMs }, pool, proof, now }) === "fresh";
}

function laneOf({ lanes, health, now }: Testimony, family: Parameters<typeof laneState>[0]["family"]) {
  return laneState({ family, lane: lanes[family], health }, now);
}

function showsAll(plan: Plan, entry: CacheEntry, { marks }: Testimony): boolean {
  const tags = tagsFor(plan);
  const later = marks.some(({ at, tags: marked }) => at > entry.createdAt && concerns(marked, tags));
  return !later && standingOfHeld(plan, entry, marks).is === "settled";
}
