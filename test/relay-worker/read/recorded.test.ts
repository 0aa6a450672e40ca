/**
 * Real answers of api.github.com pass through unchanged but for the documented reductions. The recordings live beside
 * the project; without them this suite skips.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { classify } from "../../../shared/routes/index.ts";
import { budget, json, publicRepo } from "../support/github.ts";
import { TestRelay } from "../support/relay.ts";

const exchangeSchema = z.object({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
type Exchange = z.infer<typeof exchangeSchema>;

const lines = env.TEST_RECORDED.split("\n").filter((line) => line !== "");
const exchanges = lines.map((line) => exchangeSchema.parse(JSON.parse(line)));
const queryOf = ({ query }: Exchange): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(query, ([key]) => key)).map(([key, pairs]) => [
      key,
      (pairs ?? []).map(([, value]) => value),
    ]),
  );
const idOf = (path: string, query: readonly (readonly string[])[]) => JSON.stringify([path, [...query].sort()]);
/** GitHub's own 3xx and refusals of the recording account are not answers about the resource. */
const isAnswer = ({ status }: Exchange) => status === 200 || status === 404;
const relayed = exchanges.filter((exchange) => {
  const route = classify(exchange.path, queryOf(exchange))?.route;
  return isAnswer(exchange) && route !== undefined && route.class !== "native" && !route.search && !route.logs;
});

let relay: TestRelay;

beforeAll(async () => {
  relay = await TestRelay.create();
  const byRequest = new Map(exchanges.map((exchange) => [idOf(exchange.path, exchange.query), exchange]));
  relay.github.otherwise(({ url }) => {
    const exchange = byRequest.get(idOf(url.pathname, [...url.searchParams]));
    // The recordings' repositories are public; few recordings say so themselves.
    const [, owner, name, ...rest] = url.pathname.slice(1).split("/");
    if (!exchange && owner && name && rest.length === 0) return publicRepo(`${owner}/${name}`);
    if (!exchange) return undefined;
    const { "content-type": type = "application/json; charset=utf-8", etag, link } = exchange.headers;
    const headers = { "content-type": type, ...(etag ? { etag } : {}), ...(link ? { link } : {}), ...budget() };
    return json(exchange.body, { status: exchange.status, headers });
  });
});

const isRepository = (value: unknown) =>
  typeof value === "object" && value !== null && "full_name" in value && "html_url" in value && "private" in value;

/** The differences, apart from null for a repository that is not public and, where `cut`, fields that are left out. */
function difference(before: unknown, after: unknown, cut: boolean, at = ""): string[] {
  if (after === null && isRepository(before) && !Object.is((before as { private: unknown }).private, false)) return [];
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null) {
    return Object.is(before, after) ? [] : [`${at}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
  }
  const [was, is] = [before, after].map((value) => value as Record<string, unknown>);
  const added = Object.keys(is ?? {}).filter((key) => !(key in (was ?? {})));
  const lost = Object.keys(was ?? {}).filter((key) => !(key in (is ?? {})) && !cut);
  const inside = Object.keys(is ?? {}).flatMap((key) =>
    difference(was?.[key], is?.[key], cut && (key === "parent" || key === "source"), `${at}/${key}`),
  );
  return [...added.map((key) => `${at}/${key} appeared`), ...lost.map((key) => `${at}/${key} is gone`), ...inside];
}

describe.skipIf(exchanges.length === 0)("recorded answers (../shared/recorded-github/exchanges.jsonl)", () => {
  test("there are many to read", () => {
    expect(relayed.length).toBeGreaterThan(100);
  });

  test.each(relayed.map((exchange) => [`${exchange.path}?${new URLSearchParams(exchange.query)}`, exchange] as const))(
    "%s",
    async (_name, exchange) => {
      const response = await relay.request(exchange.path, { query: queryOf(exchange) });
      const text = await response.text();
      const kind = classify(exchange.path, queryOf(exchange))?.route.kind;
      if (response.status === 424) {
        expect(text).toMatch(
          /repo_not_public|repo_public_check_failed|web_only_unavailable|local_credentials_required|route_denied|github_response_too_large/,
        );
        expect(mayRefuse(exchange, kind), text).toBe(true);
        return;
      }
      expect(response.status, text).toBe(200);
      const bytes = text.slice(Number(response.headers.get("x-octopool-body-offset")), -1);
      const envelope = JSON.parse(text);
      expect(envelope.status).toBe(exchange.status);
      const reduced = envelope.relay.reduced === true;
      if (!reduced) {
        expect(bytes).toBe(typeof exchange.body === "string" ? exchange.body : JSON.stringify(exchange.body));
        expect(envelope.headers.link).toBe(exchange.headers.link);
        return;
      }
      expect(difference(exchange.body, envelope.body, kind === "repo_view" || kind === "user_view")).toEqual([]);
      expect(envelope.headers).not.toHaveProperty("link");
    },
  );
});

/** A refusal is right for resources that are missing, not public, or too big. */
function mayRefuse({ status, body }: Exchange, kind: string | undefined): boolean {
  const size = JSON.stringify(body).length;
  const hidden =
    typeof body === "object" && body !== null && ("private" in body ? body.private !== false : kind === "gist_view");
  const unsaid = kind === "repo_view" && typeof body === "object" && body !== null && !("private" in body);
  return (kind === "repo_view" && status === 404) || hidden || unsaid || size > 1024 * 1024;
}
