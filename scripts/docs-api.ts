/**
 * Writes docs/api.md from the schemas that the relay parses and answers with, and the tables of routes in
 * docs/freshness.md. `--check` writes nothing and fails when a file is not what it would write.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errorTable, fallbackReasons } from "../shared/errors.ts";
import { routes, staleWhileRevalidateSeconds } from "../shared/routes/index.ts";
import type { CachePolicy } from "../shared/routes/types.ts";
import { type Endpoint, endpoints } from "./docs/api-endpoints.ts";
import { byState } from "./docs/by-state.ts";

const docs = join(import.meta.dirname, "../docs");

/** Errors that only this machine raises: the relay never answers with them. */
const local =
  /^(usage|cancelled|not_logged_in|relay_(unreachable|timeout|answer)|insecure|discovery|cli_|settings|credentials|environment|socket|daemon|output|real_gh)/;

export function renderApi(): string {
  const lines = [
    "# Relay API",
    "",
    "<!-- Written by `npm run docs:api` from the schemas; change those. -->",
    "",
    "JSON over HTTPS; plain http on another host than this machine is led to https by a 308. Credentials go in `Authorization: Bearer …`: a caller's token for",
    "callers, `OCTOPOOL_ADMIN_TOKEN` for operators; browsers have a session cookie. A body needs `content-type: application/json`. Answers are not to be kept",
    "(`cache-control: no-store`) unless they say so. Times are ISO 8601 in UTC.",
    "",
    'Every error has one shape: `{"error":{"code","message","request_id","details"?}}`. Browsers get a page instead, outside `/v1`.',
    "",
    ...Object.entries(endpoints).flatMap(([title, list]) => [`## ${title}`, "", ...list.flatMap(endpoint)]),
    "## Errors",
    "",
    "| code | status |",
    "|---|---|",
    ...Object.entries(errorTable)
      .filter(([code]) => !local.test(code))
      .map(([code, { http }]) => `| \`${code}\` | ${http} |`),
    "",
    `Reasons of a \`fallback_local\`: ${fallbackReasons.map((reason) => `\`${reason}\``).join(", ")}.`,
  ];
  return `${lines.join("\n")}\n`;
}

function endpoint({ method, path, auth, does, body, answer }: Endpoint): string[] {
  return [
    `### ${method} ${path}`,
    "",
    `${does} Credential: ${auth}.`,
    "",
    ...(body ? ["Body:", "", ...fields(body)] : []),
    ...(answer ? ["Answer:", "", ...fields(answer)] : []),
  ];
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
  }),
);
interface JsonSchema {
  readonly type?: string | string[] | undefined;
  readonly enum?: unknown[] | undefined;
  readonly const?: unknown;
  readonly properties?: Record<string, JsonSchema> | undefined;
  readonly required?: string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: JsonSchema[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
}

function fields(schema: z.ZodType): string[] {
  const rows = members(jsonSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })), "");
  return ["| field | type |", "|---|---|", ...rows.map(([name, type]) => `| \`${name}\` | ${type} |`), ""];
}

/** Members of members as `a.b` and `a[].b`. */
function members(schema: JsonSchema, prefix: string): (readonly [string, string])[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const row = [path, typeOf(member) + (required.has(name) ? "" : ", optional")] as const;
    const inner = member.anyOf?.find(({ properties }) => properties) ?? member;
    if (inner.properties) return [row, ...members(inner, `${path}.`)];
    if (inner.items?.properties) return [row, ...members(inner.items, `${path}[].`)];
    return [row];
  });
}

function typeOf({ type, enum: values, const: only, anyOf, items, additionalProperties }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  if (type === "array") return `list of ${items ? typeOf(items) : "anything"}`;
  if (type === "object" && typeof additionalProperties === "object") return `object of ${typeOf(additionalProperties)}`;
  return Array.isArray(type) ? type.join(" or ") : (type ?? "anything");
}

const begin = "<!-- Routes: written by `npm run docs:api` from shared/routes/table/. -->";
const end = "<!-- End of routes. -->";

/** The page with its tables of routes and states as the code has them. */
export function renderFreshness(page: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < 0) throw new Error("docs/freshness.md has lost the marks around its table of routes.");
  const rows = routes.map(({ kind, cache, swr }) => {
    const cells = cache ? [freshFor(cache), swr ? seconds(staleWhileRevalidateSeconds) : "–", staleFor(cache)] : native;
    return `| ${[words(kind), ...cells].join(" | ")} |`;
  });
  const states = byState.flatMap(([rule, list]) =>
    list.map(({ state, lifetimes }) => {
      const [fresh, stale] = [lifetimes.map((each) => each.fresh), lifetimes.map((each) => each.stale)].map(range);
      return `| ${words(rule)} | ${state} | ${fresh} | ${stale} |`;
    }),
  );
  const tables = [
    "| by state | when | fresh for | and in an outage |\n|---|---|---|---|",
    ...states,
    "\n| read | fresh for | while it is refreshed | and in an outage |\n|---|---|---|---|",
    ...new Set(rows),
  ];
  return `${page.slice(0, before)}${begin}\n\n${tables.join("\n")}\n\n${page.slice(after)}`;
}

const native = ["your own gh answers", "–", "–"];

/** `2–5 min`; `5 min` where all are the same. */
function range(lengths: readonly number[]): string {
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)].map(seconds);
  if (least === most) return least ?? "";
  const [unit] = /\D+$/.exec(most ?? "") ?? [];
  return `${unit && least?.endsWith(unit) ? least.slice(0, -unit.length) : least}–${most}`;
}

/** Seconds after that, during which an answer may stand in. */
function staleFor(cache: CachePolicy): string {
  if ("store" in cache) return cache.store === "never" ? "–" : `${seconds(cache.fresh)} in all`;
  return typeof cache.stale === "number" ? seconds(cache.stale) : "by state";
}

function freshFor(cache: CachePolicy): string {
  if ("store" in cache)
    return cache.store === "never"
      ? "never kept"
      : `kept apart for ${seconds(cache.fresh)}, asked again after ${seconds(cache.probe)}`;
  return typeof cache.fresh === "number" ? seconds(cache.fresh) : `by state (${words(cache.fresh)})`;
}

const words = (name: string) => name.replaceAll("_", " ");

function seconds(value: number): string {
  if (value % 86_400 === 0 && value > 0) return `${value / 86_400} d`;
  if (value % 3600 === 0 && value > 0) return `${value / 3600} h`;
  return value % 60 === 0 && value > 0 ? `${value / 60} min` : `${value} s`;
}

export const pages: Readonly<Record<string, () => string>> = {
  "api.md": renderApi,
  "freshness.md": () => renderFreshness(readFileSync(join(docs, "freshness.md"), "utf8")),
};

if (import.meta.main) {
  for (const [name, render] of Object.entries(pages)) {
    const file = join(docs, name);
    if (!process.argv.includes("--check")) writeFileSync(file, render());
    else if (readFileSync(file, "utf8") !== render()) {
      console.error(`docs/${name} is not what the code says: npm run docs:api`);
      process.exitCode = 1;
    }
  }
}
