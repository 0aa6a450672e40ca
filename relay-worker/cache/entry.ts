/** GitHub's answer as the relay keeps and gives it. */
import * as z from "zod";
import { type BodyEncoding, bodyEncodings, type IdentityKind, identityKinds } from "../../shared/envelope.ts";

/** Changes whenever a stored entry would be read differently: old entries then do not match. */
export const representationVersion = 2;

const backends = ["github_identity", "github_anonymous", "github_web"] as const;
export type Backend = (typeof backends)[number];

interface Answer {
  /** GitHub's own. */
  readonly status: number;
  /** The allowed response headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: BodyEncoding;
  /** JSON source of the envelope's `body`: GitHub's own text for JSON, a string literal otherwise. */
  readonly body: string;
  /** The body was cut: nothing may be concluded from its length, and it carries no validators or links. */
  readonly reduced: boolean;
  readonly backend: Backend;
  readonly identity: { readonly id: string; readonly kind: IdentityKind } | null;
  /** It does not yet show an event that GitHub sent. */
  readonly unsettled?: true | undefined;
}

export interface CacheEntry {
  readonly key: string;
  readonly routeKind: string;
  /** `owner/name` in lower case, or empty. */
  readonly repo: string;
  readonly answer: Answer;
  /** GitHub's validator for {@link Answer.identity}, also where the answer does not pass it on. */
  readonly etag: string | null;
  /** When GitHub last confirmed it, ms since the epoch. */
  readonly createdAt: number;
  /** When the visibility proof was made under which it was read; an older proof does not release it. */
  readonly provenAt: number;
  readonly expiresAt: number;
  /** Until then an outage may be bridged with it. */
  readonly staleUntil: number;
}

/** An entry outside memory, at the edge or between Workers. An entry that does not parse is a miss. */
const entrySchema = z.object({
  key: z.string(),
  routeKind: z.string(),
  repo: z.string(),
  answer: z.object({
    status: z.number().int(),
    headers: z.record(z.string(), z.string()),
    encoding: z.enum(bodyEncodings),
    body: z.string(),
    reduced: z.boolean(),
    backend: z.enum(backends),
    identity: z.object({ id: z.string(), kind: z.enum(identityKinds) }).nullable(),
    unsettled: z.literal(true).optional(),
  }),
  etag: z.string().nullable(),
  createdAt: z.number(),
  provenAt: z.number(),
  expiresAt: z.number(),
  staleUntil: z.number(),
});

/** Everything of an entry but its body's text, which travels beside it as bytes. */
export const entryHeadSchema = entrySchema.extend({ answer: entrySchema.shape.answer.omit({ body: true }) });
export type EntryHead = z.infer<typeof entryHeadSchema>;

export function splitEntry(entry: CacheEntry): { head: EntryHead; body: string } {
  const { body, ...answer } = entry.answer;
  return { head: { ...entry, answer: { ...answer, headers: { ...answer.headers } } }, body };
}

export function joinEntry(head: unknown, body: string): CacheEntry | undefined {
  const parsed = entryHeadSchema.safeParse(head).data;
  return parsed && { ...parsed, answer: { ...parsed.answer, body } };
}
