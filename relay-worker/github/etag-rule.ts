/**
 * GitHub's ETags hash the credential of the request with the body, so that each identity has its own for the same
 * answer. How they are made is not documented; clients in public have found out: SHA-256 over `Accept` and
 * `Authorization`, each followed by a colon, and the body
 * (github.com/bored-engineer/github-conditional-http-transport). The rule is held against each answer that GitHub
 * gives. While it holds, the next request can carry the ETag that would be theirs. A wrong one does no harm: it matches
 * nothing, and GitHub answers in full, as without it.
 */

import { memoryPart } from "../memory.ts";

const encoder = new TextEncoder();

/** The ETag, without quotes, that GitHub would give this body for this credential. */
export async function expectedEtag(accept: string, authorization: string, body: Uint8Array): Promise<string> {
  const head = encoder.encode(`${accept}:${authorization}:`);
  const whole = new Uint8Array(head.byteLength + body.byteLength);
  whole.set(head);
  whole.set(body, head.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The opaque part of an ETag, weak or strong. */
function opaque(etag: string): string {
  return etag.replace(/^W\//, "").replace(/^"|"$/g, "");
}

/** An isolate's observation of the rule: the last answer decides. */
class EtagRule {
  state: "unknown" | "holds" | "broken" = "unknown";

  tell(expected: string, etag: string): void {
    this.state = expected === opaque(etag) ? "holds" : "broken";
  }
}

/** Of this isolate. */
export const etagRule = memoryPart(() => new EtagRule());
