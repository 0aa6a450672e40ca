/** The name under which an answer to the caller's own request is kept. */
import type { ReadRequest } from "../reader.ts";
import type { OwnAccount } from "./account.ts";

/** As a path of the API, with the query. */
export function targetOf({ path, query = [] }: Pick<ReadRequest, "path" | "query">): string {
  const pairs = query.map(([name, value]): [string, string] => [name, value]);
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

/** The body of a GraphQL query; undefined for a read. */
export function bodyOf({ own }: Pick<ReadRequest, "own">): string | undefined {
  return own && JSON.stringify(own);
}

/** Begins with the account, which separates its answers from those of others. */
export function keyOf(request: ReadRequest, { hash }: Pick<OwnAccount, "hash">): string {
  const headers = JSON.stringify(Object.entries(request.headers ?? {}).sort());
  return `${hash} ${targetOf(request)} ${headers} ${bodyOf(request) ?? ""}`;
}
