/** Turns a row of D1 into an entry. A row that cannot be read is a miss. */

import * as z from "zod";
import { parseJson } from "../../shared/parse-json.ts";
import type { githubCacheEntries } from "../db/schema.ts";
import { type CacheEntry, type EntryHead, entryHeadSchema } from "./entry.ts";

/**
 * In the column of headers, beside them: no header has such a name. Rows that are not trusted are few and live for
 * seconds, so they have no column of their own.
 */
export const unsettledMark = ":unsettled";

type Row = typeof githubCacheEntries.$inferSelect;

/** Undefined also when the body is not in D1. */
export function readEntry(row: Row): CacheEntry | undefined {
  const head = readHead(row);
  if (!head || row.body === null) return undefined;
  return { ...head, answer: { ...head.answer, body: row.body } };
}

const headersSchema = z.record(z.string(), z.unknown());
/** Does not parse as headers. */
const broken: Record<string, unknown> = { broken: 0 };

/** Everything but the body. */
export function readHead(row: Row): EntryHead | undefined {
  const identity = row.identityId && row.identityKind ? { id: row.identityId, kind: row.identityKind } : null;
  const { key, routeKind, repo, etag, createdAt, provenAt, expiresAt, staleUntil } = row;
  const { status, encoding, reduced, backend } = row;
  const { [unsettledMark]: unsettled, ...headers } = headersSchema.safeParse(parseJson(row.headers)).data ?? broken;
  const trust = unsettled === undefined ? {} : { unsettled: true };
  const answer = { status, headers, encoding, reduced, backend, identity, ...trust };
  const head = { key, routeKind, repo, answer, etag, createdAt, provenAt, expiresAt, staleUntil };
  return entryHeadSchema.safeParse(head).data;
}
