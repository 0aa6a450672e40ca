/** The response headers of GitHub that a caller sees. */

const kept = ["content-type", "etag", "last-modified", "link"];
/** True of the moment they were sent only: they are passed on, and not stored. */
const momentary = /^(retry-after|x-ratelimit-[a-z-]+|x-github-request-id)$/;

export function allowedResponseHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => kept.includes(name) || momentary.test(name)));
}

export function withoutMomentary(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !momentary.test(name)));
}

/** Headers that do not fit a shortened body: validators of other bytes, links and a length. */
export function withoutClaims(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { etag: _etag, "last-modified": _modified, link: _link, "content-length": _length, ...rest } = headers;
  return rest;
}
