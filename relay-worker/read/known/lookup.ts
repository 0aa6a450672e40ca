/** Finds caller, pool, proof and entry: in this isolate's memory and at the edge where they suffice, else in D1. */

import type { CallerAuth } from "../../auth/caller-auth.ts";
import { rememberedCallers } from "../../auth/remembered.ts";
import { edgeWorth } from "../../cache/edge-worth.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import { readLog } from "../../cache/log-store.ts";
import { readHot, readLarge, remember, rememberedEntries } from "../../cache/store.ts";
import type { Deps } from "../../deps.ts";
import type { Env } from "../../env.ts";
import { holds, type Proof, rememberedProofs, rememberProof } from "../../guard/proof.ts";
import { authMemoryMs, entryMemoryMs, type Remembered } from "../../memory.ts";
import { type PoolState, rememberedPools } from "../../pools/definition.ts";
import { isConditional, type Plan } from "../plan.ts";
import { answerable, answersUnasked } from "./answerable.ts";
import { type Loaded, load } from "./load.ts";

/** Where an entry was found: this isolate's memory, the data centre's cache, D1, or the bucket of logs. */
type Layer = "memory" | "edge" | "database" | "bucket";

export interface Known {
  readonly caller: CallerAuth | undefined;
  readonly pool: PoolState;
  readonly proof: Proof | undefined;
  readonly entry: CacheEntry | undefined;
  readonly layer: Layer;
  /** The data centre was asked for the entry and had none: a copy left there would save the next isolate D1. */
  readonly missedAtEdge: boolean;
}

/** At most one D1 statement. `plan` is absent where only the caller and the pool matter. */
export async function lookUp(deps: Deps, env: Env, tokenHash: string, pool: string, plan?: Plan): Promise<Known> {
  const { memory } = deps;
  const callerKey = `${tokenHash} ${pool}`;
  const caller = recent(deps, rememberedCallers(memory).get(callerKey), authMemoryMs);
  const state = recent(deps, rememberedPools(memory).get(pool), authMemoryMs);
  const near = caller && state ? await fromMemory(deps, caller, state, plan) : "unknown";
  if (typeof near === "object") return near;
  // Take the time before the query: the row may change while it runs.
  const loadedAt = deps.clock();
  const loaded = await load(env, { tokenHash, pool, repo: plan?.repo ?? "", key: plan?.key ?? "" });
  // A request without a valid caller leaves nothing in memory.
  if (loaded.caller) {
    rememberedPools(memory).set(pool, { value: loaded.pool, loadedAt });
    rememberedCallers(memory).set(callerKey, { value: loaded.caller, loadedAt });
  }
  if (loaded.proof) rememberProof(memory, loaded.proof);
  if (loaded.entry) remember(deps, loaded.entry, loadedAt);
  const entry = loaded.entry ?? (loaded.caller ? await bigEntry(deps, env, loaded, plan) : undefined);
  const layer = loaded.entry ? "database" : plan?.classified.route.logs ? "bucket" : "edge";
  const proof = rememberedProofs(memory).get(plan?.repo ?? "");
  return { caller: loaded.caller, pool: loaded.pool, proof, entry, layer, missedAtEdge: near === "missed at the edge" };
}

/** Entries that are too large for D1. */
function bigEntry(deps: Deps, env: Env, { large }: Loaded, plan?: Plan): Promise<CacheEntry | undefined> | undefined {
  if (plan?.classified.route.logs) return readLog(env, plan.key, deps.clock());
  return large && readLarge(deps, large);
}

/** Answers from memory and the edge cache, if those suffice. */
async function fromMemory(
  deps: Deps,
  caller: CallerAuth,
  pool: PoolState,
  plan?: Plan,
): Promise<Known | "unknown" | "missed at the edge"> {
  const found = { caller, pool, layer: "memory" as const, missedAtEdge: false };
  if (!plan) return { ...found, proof: undefined, entry: undefined };
  if (isConditional(plan)) return "unknown";
  const now = deps.clock();
  const proof = rememberedProofs(deps.memory).get(plan.repo);
  if (plan.repo !== "" && !holds(proof, now)) return "unknown";
  if (plan.heldOnly) return { ...found, proof, entry: await heldNear(deps, { plan, pool, proof, now }) };
  const near = recent(deps, rememberedEntries(deps.memory).get(plan.key), entryMemoryMs);
  if (plan.maxAgeMs === 0) {
    // GitHub is asked: the stored entry would only give its validator, and a query's answer has none.
    return near || plan.graphql ? { ...found, proof, entry: near } : "unknown";
  }
  const fresh = (entry: CacheEntry | undefined) =>
    entry !== undefined && answerable(entry, { plan, pool, proof, now }) === "fresh";
  if (fresh(near)) return { ...found, proof, entry: near };
  if (!edgeWorth(deps.memory).ask()) return "unknown";
  const hot = await readHot(deps, plan.key);
  edgeWorth(deps.memory).tell(hot !== undefined);
  return fresh(hot) ? { ...found, layer: "edge", proof, entry: hot } : "missed at the edge";
}

/** For reads that send GitHub no request. D1 is not asked: that would cost more than the answer saves. */
async function heldNear(deps: Deps, moment: Parameters<typeof answersUnasked>[1]): Promise<CacheEntry | undefined> {
  const { key } = moment.plan;
  const own = rememberedEntries(deps.memory).get(key)?.value;
  return own && answersUnasked(own, moment) ? own : readHot(deps, key);
}

function recent<T>(deps: Deps, remembered: Remembered<T> | undefined, lifetimeMs: number): T | undefined {
  return remembered && deps.clock() - remembered.loadedAt < lifetimeMs ? remembered.value : undefined;
}
