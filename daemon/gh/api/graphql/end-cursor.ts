/**
 * Where `--paginate` goes on: gh takes the first `pageInfo` that has both a cursor and `hasNextPage` (findEndCursor in
 * pkg/cmd/api/pagination.go), token by token, so the text around it counts too.
 */

type Token =
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  | { readonly kind: "key"; readonly value: string }
  | { readonly kind: "scalar"; readonly value: unknown };

/** The cursor for the next page; undefined behind the last one. */
export function endCursor(answer: unknown): string | undefined {
  let lastKey = "";
  let context = "";
  let cursor: string | undefined;
  let more: boolean | undefined;
  for (const token of tokensOf(answer)) {
    if (token.kind === "open") context = lastKey;
    else if (token.kind === "close") context = "";
    else if (token.kind === "key") lastKey = token.value;
    else if (context === "pageInfo") {
      if (lastKey === "endCursor" && typeof token.value === "string") cursor = token.value;
      if (lastKey === "hasNextPage" && typeof token.value === "boolean") more = token.value;
      if (cursor !== undefined && more !== undefined) break;
    }
  }
  return more && cursor !== "" ? cursor : undefined;
}

function* tokensOf(value: unknown): Generator<Token> {
  if (typeof value !== "object" || value === null) {
    yield { kind: "scalar", value };
    return;
  }
  yield { kind: "open" };
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield { kind: "key", value: name };
    yield* tokensOf(inner);
  }
  yield { kind: "close" };
}
