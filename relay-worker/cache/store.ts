/** The three layers an entry lives in: this isolate's memory, the data centre's Cache API, and D1. */

import { LRUCache } from "lru-cache";
import { githubCacheEntries, githubPublicRepos } from "../db/schema.ts";
import { upsert } from "../db/upsert.ts";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import type { Proof } from "../guard/proof.ts";
import { memoryPart, type Remembered } from "../memory.ts";
import { type CacheEntry, type EntryHead, joinEntry, splitEntry } from "./entry.ts";
import { keepLog } from "./log-store.ts";
import { unsettledMark } from "./row.ts";

/** Larger bodies stay out of D1 and live at the edge only, in bytes. */
export const maxD1Bytes = 256 * 1024;

const headHeader = "x-octopool-entry";
const encoder = new TextEncoder();

/**
 * Addresses at the edge; the host is reserved and resolves nowhere. `hot` copies of D1's entries are kept briefly, so
 * that a refresh in another data centre is soon seen; `large` bodies are stored nowhere else, and count only with their
 * row in D1.
 */
const edgeUrl = (tier: "hot" | "large", key: string) => `https://cache.octopool.invalid/${tier}/${key}`;
export const hotSeconds = 30;

/** The data centre's copy, when it is fresh from D1's point of view. */
export async function readHot(deps: Deps, key: string): Promise<CacheEntry | undefined> {
  const entry = await readEdge(edgeUrl("hot", key));
  if (entry) remember(deps, entry);
  return entry;
}

/** A body that D1 has no room for; `row` is its row in D1. The same validator means the same body. */
export async function readLarge(deps: Deps, row: EntryHead): Promise<CacheEntry | undefined> {
  const found = await readEdge(edgeUrl("large", row.key));
  const same =
    found !== undefined && (found.createdAt === row.createdAt || (row.etag !== null && found.etag === row.etag));
  if (!found || !same) return undefined;
  const entry = { ...row, answer: { ...row.answer, body: found.answer.body } };
  remember(deps, entry);
  return entry;
}

async function readEdge(url: string): Promise<CacheEntry | undefined> {
  const response = await caches.default.match(url);
  const head = response?.headers.get(headHeader);
  if (!response || !head) return undefined;
  return joinEntry(parseHead(head), await response.text());
}

function parseHead(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

/**
 * Leaves a copy of D1's entry in this data centre, for its other isolates.
 *
 * @param until the time after which no read can use it, ms since the epoch; its own lifetime's end otherwise
 */
export async function shareHot(deps: Deps, entry: CacheEntry, until = entry.expiresAt): Promise<void> {
  const fresh = Math.ceil((until - deps.clock()) / 1000);
  await writeEdge(edgeUrl("hot", entry.key), entry, Math.min(hotSeconds, fresh));
}

async function writeEdge(url: string, entry: CacheEntry, lifetime: number): Promise<void> {
  if (lifetime <= 0) return;
  const { head, body } = splitEntry(entry);
  const headers = {
    "cache-control": `public, max-age=${lifetime}`,
    "content-type": "application/json",
    [headHeader]: encodeURIComponent(JSON.stringify(head)),
  };
  await caches.default.put(url, new Response(body, { headers }));
}

/** Bytes of the remembered entries together. */
export const entryMemoryBytes = 24 * 1024 * 1024;

/** Entries that this isolate remembers, by key. */
export const rememberedEntries = memoryPart(
  () =>
    new LRUCache<string, Remembered<CacheEntry>>({
      maxSize: entryMemoryBytes,
      sizeCalculation: ({ value }) => value.answer.body.length + 1024,
    }),
  (entries) => entries.clear(),
);

/** A slow fill does not undo a newer one here either. */
export function remember(deps: Deps, entry: CacheEntry, loadedAt = deps.clock()): void {
  const known = rememberedEntries(deps.memory).get(entry.key)?.value;
  if (known && known.createdAt > entry.createdAt) return;
  rememberedEntries(deps.memory).set(entry.key, { value: entry, loadedAt });
}

interface Keep {
  readonly pool: string;
  /** Absent when the answer is not kept. */
  readonly entry?: CacheEntry;
  /** A proof that this fill produced. */
  readonly proof?: Proof;
}

/**
 * Writes an entry and a proof, in one D1 batch of at most two statements. Only a body that is too big for D1 goes to
 * the edge right away; others follow when a second isolate asks for them.
 */
export async function keep(deps: Deps, env: Env, { pool, entry, proof }: Keep): Promise<void> {
  const log = entry?.routeKind === "job_logs" ? entry : undefined;
  const { DB } = env;
  const bytes = entry ? encoder.encode(entry.answer.body).byteLength : 0;
  const statements = [
    ...(entry && !log ? [upsertEntry(DB, rowOf(pool, entry, bytes))] : []),
    ...(proof ? [upsertProof(DB, proof)] : []),
  ];
  if (entry && !log) remember(deps, entry);
  await Promise.all([
    statements.length > 1 ? DB.batch(statements) : statements[0]?.run(),
    log ? keepLog(env, log) : undefined,
    entry && !log && bytes > maxD1Bytes
      ? writeEdge(edgeUrl("large", entry.key), entry, Math.ceil((entry.staleUntil - deps.clock()) / 1000))
      : undefined,
  ]);
}

// A slow fill must not undo a newer one.
const upsertEntry = upsert({
  table: githubCacheEntries,
  key: githubCacheEntries.key,
  newerBy: githubCacheEntries.createdAt,
});
const upsertProof = upsert({
  table: githubPublicRepos,
  key: githubPublicRepos.repo,
  newerBy: githubPublicRepos.checkedAt,
});

function rowOf(pool: string, entry: CacheEntry, bytes: number): typeof githubCacheEntries.$inferSelect {
  const { answer } = entry;
  return {
    key: entry.key,
    pool,
    routeKind: entry.routeKind,
    repo: entry.repo,
    status: answer.status,
    headers: JSON.stringify({ ...answer.headers, ...(answer.unsettled && { [unsettledMark]: "1" }) }),
    encoding: answer.encoding,
    body: bytes > maxD1Bytes ? null : answer.body,
    bytes,
    reduced: answer.reduced,
    etag: entry.etag,
    identityId: answer.identity?.id ?? null,
    identityKind: answer.identity?.kind ?? null,
    backend: answer.backend,
    createdAt: entry.createdAt,
    provenAt: entry.provenAt,
    expiresAt: entry.expiresAt,
    staleUntil: entry.staleUntil,
  };
}
