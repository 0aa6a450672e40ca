import { createHash } from "node:crypto";

/**
 * GitHub's own rule, which it does not document and which several public clients have found out
 * (github.com/bored-engineer/github-conditional-http-transport): a hash over `Accept` and `Authorization`, each followed
 * by a colon, and the body. `viewer` is another one, for clients that must not depend on it.
 */
const etagRules = ["github", "viewer"] as const;
export type EtagScheme = (typeof etagRules)[number];

interface Validated {
  readonly body: Buffer;
  readonly accept: string | undefined;
  readonly authorization: string | undefined;
  readonly viewerKey: string;
}

/** A validator that, as GitHub's, differs for each credential and each Accept header. */
export function etagOf(rule: EtagScheme, { body, accept, authorization, viewerKey }: Validated): string {
  const hash = createHash("sha256");
  if (rule === "viewer")
    hash
      .update(viewerKey)
      .update("\0")
      .update(accept ?? "")
      .update("\0");
  else for (const value of [accept, authorization]) if (value !== undefined) hash.update(`${value}:`);
  return `W/"${hash.update(body).digest("hex")}"`;
}

/** Whether a conditional request already has this answer. `If-None-Match` decides alone where it is sent. */
export function isFresh(
  headers: Record<string, string | undefined>,
  etag: string,
  modified: string | undefined,
): boolean {
  const match = headers["if-none-match"];
  if (match !== undefined) return match === "*" || match.split(",").some((each) => weak(each) === weak(etag));
  const since = headers["if-modified-since"];
  return since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
}

function weak(etag: string): string {
  return etag.trim().replace(/^W\//, "");
}
