/** Turns a row of D1 into an entry. A row that cannot be read is a miss. */

import { parseJson } from "../../shared/parse-json.ts";
import type { githubCacheEntries } from "../db/schema.ts";
import { type CacheEntry, type EntryHead, entryHeadSchema } from "./entry.ts";

type Row = typeof githubCacheEntries.$inferSelect;

/** Undefined also when the body is not in D1. */
export function readEntry(row: Row): CacheEntry | undefined {
  const head = readHead(row);
  if (!head || row.body === null) return undefined;
  return { ...head, answer: { ...head.answer, body: row.body } };
}

/** Everything but the body. */
export function readHead(row: Row): EntryHead | undefined {
  const identity = row.identityId && row.identityKind ? { id: row.identityId, kind: row.identityKind } : null;
  const { key, routeKind, repo, etag, createdAt, provenAt, expiresAt, staleUntil } = row;
  const { status, encoding, reduced, backend } = row;
  const answer = { status, headers: parseJson(row.headers), encoding, reduced, backend, identity };
  const head = { key, routeKind, repo, answer, etag, createdAt, provenAt, expiresAt, staleUntil };
  return entryHeadSchema.safeParse(head).data;
}
