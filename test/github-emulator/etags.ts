import { createHash } from "node:crypto";

/** A validator that, as GitHub's, differs for each credential and each Accept header. */
export function etagOf(body: Buffer, viewerKey: string, accept: string): string {
  return `W/"${createHash("sha256").update(viewerKey).update("\0").update(accept).update("\0").update(body).digest("hex")}"`;
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
