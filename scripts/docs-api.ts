/**
 * Writes docs/api.md from the schemas that the relay parses and answers with, and the tables of routes in
 * docs/freshness.md. `--check` writes nothing and fails when a file differs from the text that it would write.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { maxRequestBytes } from "../shared/envelope.ts";
import { errorTable } from "../shared/errors.ts";
import { routes, staleWhileRevalidateSeconds } from "../shared/routes/index.ts";
import type { CachePolicy } from "../shared/routes/types.ts";
import { endpoints } from "./docs/api-endpoints.ts";
import { errorSentences, proxyErrors, reasonSentences } from "./docs/api-errors.ts";
import { byState } from "./docs/by-state.ts";
import { type Endpoint, everywhere } from "./docs/endpoint.ts";
import { fields } from "./docs/schema-table.ts";

const docs = join(import.meta.dirname, "../docs");

const common = everywhere.map((code) => `\`${code}\``).join(", ");
const bodyLimit = 65_536;

function renderApi(): string {
  const lines = [
    "# Relay API",
    "",
    "<!-- Written by `npm run docs:api` from the schemas; change those. -->",
    "",
    "JSON over HTTPS; plain http on another host than this machine is led to https by a 308, and answers over https have `strict-transport-security`. Credentials go in",
    "`Authorization: Bearer …`: a caller's token for callers, `OCTOPOOL_ADMIN_TOKEN` for operators; browsers have a session cookie. A body needs",
    `\`content-type: application/json\` and may have ${bodyLimit / 1024} KiB, a read of GitHub ${maxRequestBytes / 1024 ** 2} MiB; over it the answer is a 413. Answers are not to be kept`,
    "(`cache-control: no-store`) and are a 200 unless they say so. Times are ISO 8601 in UTC unless they say so.",
    "",
    'Every error has one shape: `{"error":{"code","message","request_id","details"?}}`. `details.hint` names a remedy, `details.reason` why a read is left to the',
    "caller's own gh. A browser (`Accept: text/html`) gets a page instead, outside `/v1` and `/.well-known`. A request id is made for each request, and stands in the audit trail.",
    "",
    ...Object.entries(endpoints).flatMap(([title, list]) => [`## ${title}`, "", ...list.flatMap(endpoint)]),
    "## Errors",
    "",
    `Every endpoint may answer ${common}.`,
    "",
    "| code | status | means |",
    "|---|---|---|",
    ...Object.entries(errorTable).flatMap(([code, { http }]) => row(code, http, sentences.get(code))),
    "",
    "Reasons of a `fallback_local`:",
    "",
    ...Object.entries(reasonSentences).map(([reason, sentence]) => `- \`${reason}\`: ${sentence}.`),
    "",
    "A [second host's proxy](self-hosting.md) answers some by itself:",
    "",
    "| code | status | means |",
    "|---|---|---|",
    ...Object.entries(proxyErrors).flatMap(([code, { http, sentence }]) => row(code, http, sentence)),
  ];
  return `${lines.join("\n")}\n`;
}

const sentences: ReadonlyMap<string, string> = new Map(Object.entries(errorSentences));

/** Codes without a sentence are never sent by the Worker. */
function row(code: string, status: number, sentence: string | undefined): string[] {
  return sentence === undefined ? [] : [`| \`${code}\` | ${status} | ${sentence} |`];
}

function endpoint({ method, path, auth, does, status, notes = [], ...rest }: Endpoint): string[] {
  const { query, form, body, answer, errors } = rest;
  const codes = [...new Set(errors)].map((code) => `\`${code}\``);
  return [
    `### ${method} ${path}`,
    "",
    `${does} Credential: ${auth}.${status ? ` Answers ${status}.` : ""}`,
    "",
    ...notes.flatMap((note) => [note, ""]),
    ...(query ? ["Query:", "", ...parameters(query)] : []),
    ...(form ? ["Form:", "", ...parameters(form)] : []),
    ...(body ? ["Body:", "", ...fields(body, { limits: true })] : []),
    ...(answer ? ["Answer:", "", ...fields(answer, { limits: false })] : []),
    ...(codes.length > 0 ? [`Errors: ${codes.join(", ")}.`, ""] : []),
  ];
}

function parameters(named: Readonly<Record<string, string>>): string[] {
  return [...Object.entries(named).map(([name, says]) => `- \`${name}\`: ${says}`), ""];
}

const begin = "<!-- Routes: written by `npm run docs:api` from shared/routes/table/. -->";
const end = "<!-- End of routes. -->";

/** The page with its tables of routes and states as the code has them. */
function renderFreshness(page: string): string {
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
      console.error(`docs/${name} differs from the code: npm run docs:api`);
      process.exitCode = 1;
    }
  }
}
