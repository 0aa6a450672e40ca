/**
 * Logs of completed jobs, in an R2 bucket where one is bound (`LOGS`): they are too big for D1 and never change. An
 * object's metadata is its entry's head.
 */

import { parseJson } from "../../shared/parse-json.ts";
import type { Env } from "../env.ts";
import { type CacheEntry, joinEntry, splitEntry } from "./entry.ts";

const name = (key: string) => `logs/${key}`;

/** Undefined without a bucket, for a log that was never stored, and past its lifetime. */
export async function readLog(env: Env, key: string, now: number): Promise<CacheEntry | undefined> {
  const object = await env.LOGS?.get(name(key));
  if (!object) return undefined;
  const entry = joinEntry(parseJson(object.customMetadata?.entry ?? ""), await object.text());
  return entry && now < entry.staleUntil ? entry : undefined;
}

/** Stores a log; an answer that there is none (any more) removes the stored log. */
export async function keepLog(env: Env, entry: CacheEntry): Promise<void> {
  if (entry.answer.status !== 200) return env.LOGS?.delete(name(entry.key));
  const { head, body } = splitEntry(entry);
  await env.LOGS?.put(name(entry.key), body, { customMetadata: { entry: JSON.stringify(head) } });
}
