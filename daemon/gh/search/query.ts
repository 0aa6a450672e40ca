/** gh's search queries (pkg/search/query.go): keywords as typed, then the qualifiers of the flags, sorted. */
import type { Call } from "../command.ts";
import type { Context } from "../context.ts";

type SearchCall = Pick<Call, "args" | "given" | "refuse"> & { readonly flags: { readonly limit: number } };

/** `name:value` pairs; several of a name are allowed. */
export type Qualifiers = readonly (readonly [string, string])[];

/** The text of `q`. */
export function searchText(keywords: readonly string[], qualifiers: Qualifiers, context: Context): string {
  const given = qualifiers
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}:${needsQuotes(value) ? goQuote(value, context) : value}`);
  return [...keywords.map((keyword) => quoteKeyword(keyword, context)), ...given.sort()].join(" ").replace(/ $/, "");
}

const needsQuotes = (text: string) => /[ "\t\r\n]/.test(text);

/** A keyword that holds white space or quotes is quoted as Go does; of `name:value` only the value. */
function quoteKeyword(text: string, context: Context): string {
  if (!needsQuotes(text)) return text;
  const colon = text.indexOf(":");
  return text.slice(0, colon + 1) + goQuote(text.slice(colon + 1), context);
}

function goQuote(text: string, context: Context): string {
  if (/[^\P{C}]|[^\P{Z} ]/u.test(text)) return context.native("a search text with unusual characters");
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * Why a search may find data that only the caller may see; undefined for one inside one repository, which the relay
 * proves public: its results are the same for every caller.
 */
export function searchViewer(text: string): string | undefined {
  const named = [...text.matchAll(/(?:^|\s)repo:[\w.-]+\/[\w.-]+(?=\s|$)/g)];
  if (named.length !== 1) return "a search that is not confined to one repository";
  return /@me\b|\bis:(private|internal)\b/.test(text) ? "a search that depends on the viewer" : undefined;
}

/** gh's own bounds of a search, with its message. */
export function requireSearch({ args, flags, given, refuse }: SearchCall): void {
  if (args.length === 0 && given.size === 0) refuse("specify search keywords or flags");
  if (flags.limit < 1 || flags.limit > 1000) refuse("`--limit` must be between 1 and 1000");
}
