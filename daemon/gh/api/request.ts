/** From `gh api`'s arguments to one read: path, query, headers, age bound. */
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { goQuote } from "../go/quote.ts";
import { parseGoInteger } from "../go/values.ts";
import type { ReadQuery } from "../reads/options.ts";
import type { ParsedApiCall } from "./flag-table.ts";
import { fillPlaceholders } from "./placeholders.ts";

export interface ApiRequest {
  readonly path: string;
  readonly query: ReadQuery;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds; undefined: any cached answer. */
  readonly maxAge: number | undefined;
  /** The same by `--cache`: OCTOPOOL_FRESH overrides it. */
  readonly cacheFor: number | undefined;
  /** Why the answer depends on the asking account; absent where it does not. */
  readonly viewer?: string | undefined;
}

export async function buildRequest(call: ParsedApiCall): Promise<ApiRequest> {
  const { args, flags, given, context } = call;
  const target = await fillPlaceholders(args[0] ?? "", context, "unable to expand placeholder in path: ");
  const { path, query } = splitTarget(target, context);
  const fields = await parseFields(call);
  const perPage: ReadQuery =
    flags.paginate && !/per_page=/.test(target) && !fields.some(([key]) => key === "per_page")
      ? [["per_page", "100"]]
      : [];
  const { headers, maxAge } = parseHeaders(flags.header, flags.preview, context);
  const bound = given.has("cache") && flags.cache > 0 ? Math.floor(flags.cache / 1000) : undefined;
  return { path, query: [...query, ...perPage, ...fields], headers, maxAge, cacheFor: bound };
}

/** A path with or without its leading slash, or a full URL of an API, which names the host. */
function splitTarget(target: string, context: Context) {
  const full = /^https?:\/\//i.test(target);
  const local = full ? pathOfUrl(target, context) : `/${target.replace(/^\//, "")}`;
  const [path = "", search = ""] = splitOnce(local, "?");
  if (path === "/graphql") context.native("GraphQL by another spelling of its address");
  // Spaces, fragments, dots and doubled slashes are read differently by Go and by GitHub.
  if (!/^(\/[A-Za-z0-9_.~!$&'()*+,;=:@%-]+)+$/.test(path) || /\/\.{1,2}(\/|$)/.test(path))
    context.native("an unusual path");
  if (!/^[\x21-\x7e]*$/.test(search) || search.includes("#") || /%(?![0-9a-fA-F]{2})/.test(search + path)) {
    context.native("an unusual query");
  }
  return { path, query: [...new URLSearchParams(search)] };
}

function pathOfUrl(url: string, context: Context): string {
  const host = /^https:\/\/(?:api\.(?=github\.com|[\w-]+\.ghe\.com))?([\w.-]+)\//i.exec(url)?.[1];
  context.hosts.use(host?.toLowerCase() ?? context.native("not a URL of an API"));
  const { api } = context.reads;
  return url.toLowerCase().startsWith(`${api}/`) ? url.slice(api.length) : context.native("not a URL of an API");
}

/** `-f` and `-F` as query parameters, in the order Go encodes them: by key. */
async function parseFields({ flags, context }: ParsedApiCall): Promise<ReadQuery> {
  const raw = flags["raw-field"].map((field) => splitField(field, context));
  const typed = await Promise.all(
    flags.field.map(async (field) => {
      const [key, value] = splitField(field, context);
      return [key, await typedValue(key, value, context)] as const;
    }),
  );
  const single = new Map<string, string>();
  const lists: [string, string][] = [];
  for (const [key, value] of [...raw, ...typed]) {
    if (/^[^[\]]+\[\]$/.test(key)) lists.push([key, value]);
    else if (/[[\]]/.test(key)) context.native("nested fields");
    else single.set(key, value);
  }
  return [...single, ...lists].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function splitField(field: string, context: Context): [string, string] {
  const [key, value] = splitOnce(field, "=");
  if (key === "" && value !== undefined) context.native("a field without a key");
  if (value === undefined)
    throw new CommandFailure(`field ${goQuote(field)} requires a value separated by an '=' sign`);
  return [key, value ?? ""];
}

/** Go's magic conversion, then its textual form again: `007` is 7, `null` is empty. */
async function typedValue(key: string, value: string, context: Context): Promise<string> {
  if (value.startsWith("@")) context.native("a field read from a file");
  if (/^[+-]?\d+$/.test(value)) {
    const decimal = parseGoInteger(value.replace(/^([+-]?)0+(?=\d)/, "$1"));
    if (decimal === undefined) context.native("a number beyond 2^53");
    return String(decimal);
  }
  return value === "null" ? "" : fillPlaceholders(value, context, `error parsing ${goQuote(key)} value: `);
}

const passedHeaders = new Set(["accept", "x-github-api-version", "if-none-match", "if-modified-since"]);

/** Headers that are passed on, and the age that `cache-control` bounds. */
export function parseHeaders(given: readonly string[], previews: readonly string[], context: Context) {
  const headers: Record<string, string> = {};
  let maxAge: number | undefined;
  for (const header of given) {
    const [name = "", rest] = splitOnce(header, ":");
    const key = name.trim().toLowerCase();
    const value = (rest ?? "").trim();
    if (rest === undefined) throw new CommandFailure(`header ${goQuote(header)} requires a value separated by ':'`);
    if (value === "" || key in headers) context.native("an unusual header");
    if (key === "cache-control") maxAge = ageBound(value, context);
    else if (passedHeaders.has(key)) headers[key] = value;
    else context.native(`header ${key}`);
  }
  if (previews.length > 0) {
    if (headers.accept !== undefined) context.native("--preview beside an Accept header");
    headers.accept = previews
      .map((name, index) => `application/vnd.github.${name}-preview${index === 0 ? "+json" : ""}`)
      .join(", ");
  }
  return { headers, maxAge };
}

/** Stricter than the rule of a server: a bound in any other form is the real gh's, which sends it to GitHub as it is. */
function ageBound(value: string, context: Context): number {
  if (/^(no-cache|no-store)$/i.test(value)) return 0;
  const seconds = /^max-age=(\d{1,9})$/i.exec(value)?.[1];
  if (seconds === undefined) context.native(`cache-control: ${value}`);
  return Number(seconds);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + separator.length)];
}
