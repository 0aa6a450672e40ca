/** Validates a read: the shape of a path, of a query, and which headers count. */
import { forwardedHeaders, type RelayRequest } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";

const secretWords = ["token", "secret", "password", "passwd", "apikey", "accesskey", "privatekey"];
const controlCharacters = /[\x00-\x20\x7f]|%[01][0-9a-f]|%7f/i;

/** @throws OctopoolError invalid_path: a path that could be resolved to another one */
export function checkPath(path: string): void {
  const wrong = wrongWithPath(path);
  if (wrong) {
    throw new OctopoolError("invalid_path", `The path ${wrong}.`, {
      hint: "Send an API path such as /repos/OWNER/REPO/pulls/1, its query apart.",
    });
  }
}

function wrongWithPath(path: string): string | undefined {
  if (!path.startsWith("/")) return "does not start with a slash";
  if (path.includes("://")) return "contains an address";
  if (/[\\?#]/.test(path)) return "contains a backslash, a question mark or a hash";
  if (controlCharacters.test(path)) return "contains blanks or control characters";
  if (/%2e|%5c/i.test(path)) return "contains an encoded dot or backslash";
  if (path.split("/").some((segment) => segment === "." || segment === "..")) return "contains a dot segment";
  return undefined;
}

/** @throws OctopoolError invalid_query: a key that looks as if its value were a secret */
export function checkQuery(query: NonNullable<RelayRequest["query"]>): void {
  for (const key of Object.keys(query)) {
    const plain = key.toLowerCase().replace(/[^a-z]/g, "");
    if (!secretWords.some((word) => plain.includes(word))) continue;
    throw new OctopoolError("invalid_query", "A query key looks as if its value were a secret.", {
      hint: "Credentials never go through the relay; leave that key out.",
    });
  }
}

/** The characters of a header that is sent to GitHub: printable ASCII. */
const headerValue = /^[\t\x20-\x7e]*$/;

/**
 * The request's headers that count, by lower-case name.
 * @throws OctopoolError invalid_request for a value that no header can have
 */
export function allowedHeaders(headers: NonNullable<RelayRequest["headers"]>): ReadonlyMap<string, string> {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  const allowed = lowered.filter(([name, value]) => forwardedHeaders.some((known) => known === name) && value !== "");
  for (const [name, value] of allowed) {
    if (!headerValue.test(value)) throw new OctopoolError("invalid_request", `The header ${name} has no valid value.`);
  }
  return new Map(allowed);
}

/** `max-stale`: the data that the caller reads cannot change, and an answer of any age suffices. */
export function takesAnyAge(cacheControl: string | undefined): boolean {
  return cacheControl?.trim().toLowerCase() === "max-stale";
}
