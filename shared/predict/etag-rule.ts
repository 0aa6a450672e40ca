/**
 * GitHub's ETags hash the credential of the request with the body, so that each identity has its own for the same
 * answer. GitHub does not document the rule; public clients have found it: SHA-256 over `Accept` and `Authorization`,
 * each followed by a colon, and the body (github.com/bored-engineer/github-conditional-http-transport). The rule is
 * compared with each answer that GitHub gives. While it holds, a request can carry the ETag of a body that this
 * credential has never got. A wrong one does no harm: it matches nothing, and GitHub answers in full, as without it.
 */

const encoder = new TextEncoder();

/** The headers of a request that its ETag depends on. */
export interface Credential {
  readonly accept: string;
  readonly authorization: string;
}

/** The ETag, without quotes, that GitHub would give this body for this credential. */
export async function expectedEtag({ accept, authorization }: Credential, body: Uint8Array): Promise<string> {
  const head = encoder.encode(`${accept}:${authorization}:`);
  const whole = new Uint8Array(head.byteLength + body.byteLength);
  whole.set(head);
  whole.set(body, head.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The opaque part of an ETag, weak or strong. */
export function opaque(etag: string): string {
  return etag.trim().replace(/^W\//, "").replace(/^"|"$/g, "");
}

/** Whether the rule holds for one observer: the last answer decides. */
export class EtagRule {
  state: "unknown" | "holds" | "broken" = "unknown";

  tell(expected: string, etag: string): void {
    this.state = expected === opaque(etag) ? "holds" : "broken";
  }
}
