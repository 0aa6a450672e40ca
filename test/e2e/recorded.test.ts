/**
 * Real answers of api.github.com over the whole read path: daemon, relay, and recorded answers of GitHub. The
 * recordings live beside the project; without them this suite skips.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { recordedScenario } from "../../scripts/demo/recorded.ts";
import { type Stack, startStack } from "../../scripts/stack/index.ts";
import type { Machine } from "../../scripts/stack/machine.ts";
import { setPolicy } from "../../scripts/stack/pool.ts";
import type { Scenario } from "../../scripts/stack/scenario.ts";
import { classify } from "../../shared/routes/index.ts";
import { difference } from "../support/reductions.ts";
import { askDaemon } from "./support/socket.ts";

const file = join(import.meta.dirname, "../../../shared/recorded-github/exchanges.jsonl");
const here = existsSync(file);

const exchangeSchema = z.object({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  body: z.unknown(),
});
type Exchange = z.infer<typeof exchangeSchema>;

/** Those that GitHub answered about the resource itself, of kinds that are relayed. */
function exchanges(): readonly Exchange[] {
  if (!here) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => exchangeSchema.parse(JSON.parse(line)))
    .filter(({ path, query, status }) => {
      const route = classify(path, Object.fromEntries(query))?.route;
      if (route === undefined || route.class === "native" || route.logs) return false;
      // The rate limit is the rest of this moment: the answer of another day is not GitHub's answer here.
      return (status === 200 || status === 404) && route.kind !== "rate_limit";
    });
}

const kindOf = ({ path, query }: Exchange) => classify(path, Object.fromEntries(query))?.route.kind;
const nameOf = ({ path, query }: Exchange) => `${path}${query.length > 0 ? `?${new URLSearchParams(query)}` : ""}`;

describe.skipIf(!here)("recorded answers (../shared/recorded-github/exchanges.jsonl) over the whole read path", () => {
  let scenario: Scenario;
  let stack: Stack;
  let machine: Machine;

  beforeAll(async () => {
    scenario = await recordedScenario(file);
    stack = await startStack(scenario);
    await setPolicy(stack.operator, "maintainers", { allow_search: true });
    machine = await stack.machine("reader");
    await machine.run(["gh", "api", "repos/PyGithub/PyGithub/tags"]);
  });
  afterAll(async () => {
    await stack?.close();
    await scenario?.close();
  });

  test("there are many to read", () => expect(exchanges().length).toBeGreaterThan(200));

  test.each(exchanges().map((exchange) => [nameOf(exchange), exchange] as const))("%s", async (name, exchange) => {
    const answer = await askDaemon(machine, `/github${name}`);
    if (answer.status === 421) {
      const { reason } = JSON.parse(answer.body).error.details;
      expect(mayRefuse(exchange, reason), `${reason}: ${answer.body}`).toBe(true);
      return;
    }
    expect(answer.status).toBe(exchange.status);
    if (typeof exchange.body === "string") return expect(answer.body).toBe(exchange.body);
    const kind = kindOf(exchange);
    const cut = kind === "repo_view" || kind === "user_view";
    expect(difference(exchange.body, JSON.parse(answer.body), cut)).toEqual([]);
  });
});

/** A refusal is right for resources that are missing, not public or too big, or past a stranger's hourly limit. */
function mayRefuse(exchange: Exchange, reason: string): boolean {
  const { body, status } = exchange;
  const kind = kindOf(exchange);
  const searches = kind?.startsWith("search_") === true;
  const record = typeof body === "object" && body !== null ? body : {};
  const rules: Readonly<Record<string, boolean>> = {
    github_response_too_large: JSON.stringify(body).length > 1024 * 1024,
    repo_not_public:
      "private" in record ? record.private !== false : kind === "repo_view" || status === 404 || searches,
    // Only a search that is confined to one repository can be proven public.
    search_denied: searches,
    repo_public_check_failed: kind === "repo_view" && !("private" in record),
    web_only_unavailable: classify(exchange.path)?.route.class === "anon",
    route_denied: kind === "gist_view",
  };
  return rules[reason] === true;
}
