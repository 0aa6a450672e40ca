/** GraphQL reads: the query, its token, the kept answers, and the outcome of each of GitHub's refusals. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { relayGraphqlPath } from "../../../shared/graphql/wire.ts";
import { newAppKey } from "../support/app-key.ts";
import { countingBindings } from "../support/counting.ts";
import { budget, json, type StubbedCall } from "../support/github.ts";
import { advance, TestRelay, type WorkerAnswer } from "../support/relay.ts";

const exchange = "/app/installations/42/access_tokens";
const inRepository = (selection: string) => `query { repository(owner: "Acme", name: "Widgets") { ${selection} } }`;
const title = inRepository("issue(number: 7) { title }");
const own = '{"data":{"repository":{"issue":{"title":"Crash  \\u003c 2"}}}}';
/** As GitHub answers the relay's request: the reader's part, and the check behind it. */
const sealed = (text: string, check = '{"isPrivate":false}') => `${text.slice(0, -2)},"octopoolSeal":${check}}}`;

let pkcs8: string;
let relay: TestRelay;
let minted: StubbedCall[];

beforeAll(async () => {
  ({ pkcs8 } = await newAppKey());
});

beforeEach(async () => {
  relay = await TestRelay.create({ APP_KEY: pkcs8 });
  await relay.identity({ id: "app", kind: "github_app", login: "octo", secret_ref: "APP_KEY", installation_id: 42 });
  minted = [];
  relay.github.public("acme/widgets").on("/graphql", () => json(sealed(own)));
  relay.github.on(exchange, (call) => {
    minted.push(call);
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return json({ token: `ghs_${minted.length}`, expires_at }, { status: 201 });
  });
});

function ask(query: string, rest: Record<string, unknown> = {}, from = relay): Promise<WorkerAnswer> {
  return from.ask(relayGraphqlPath, {
    method: "POST",
    headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
    body: JSON.stringify({ pool: "maintainers", query, ...rest }),
  });
}

/** `200 miss`, or `424 fallback_local reason`. */
async function outcome(query: string, rest: Record<string, unknown> = {}, from = relay): Promise<string> {
  const { status, body } = await ask(query, rest, from);
  const told = (body ?? {}) as { relay?: { cache: string }; error?: { code: string; details?: { reason?: string } } };
  const words = told.relay ? [told.relay.cache] : [told.error?.code, told.error?.details?.reason];
  return [status, ...words].filter((word) => word !== undefined).join(" ");
}

const queries = () => relay.github.calls.filter(({ url }) => url.pathname === "/graphql");

describe("an answer", () => {
  test("is GitHub's bytes without the check, asked once with a token for that one repository that only reads", async () => {
    const response = await relay.fetch(relayGraphqlPath, {
      method: "POST",
      headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
      body: JSON.stringify({ pool: "maintainers", query: title }),
    });
    const text = await response.text();
    expect(text.endsWith(`"body":${own}}`)).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      identity: { id: "app", kind: "github_app" },
      relay: { cache: "miss", route_kind: "graphql_read", cacheable: true, github_calls: 3 },
    });
    expect(JSON.parse(minted[0]?.body ?? "")).toEqual({
      repositories: ["widgets"],
      permissions: {
        ...Object.fromEntries(
          "actions checks contents issues metadata pull_requests".split(" ").map((name) => [name, "read"]),
        ),
      },
    });
    expect(queries().map(({ method, token }) => `${method} ${token}`)).toEqual(["POST ghs_1"]);
    expect(JSON.parse(queries()[0]?.body ?? "").query).toContain("octopoolSeal");
  });

  test("is kept for a minute, for every caller and every isolate", async () => {
    expect(await outcome(title)).toBe("200 miss");
    expect(await outcome(title)).toBe("200 hit");
    expect(await outcome(title, {}, relay.sibling())).toBe("200 hit");
    advance(61_000);
    expect(await outcome(title)).toBe("200 miss");
    expect(queries().length).toBe(2);
  });

  test("with fields that others decide by is kept for five seconds", async () => {
    const state = inRepository("issue(number: 7) { state }");
    expect(await outcome(state)).toBe("200 miss");
    advance(4_000);
    expect(await outcome(state)).toBe("200 hit");
    advance(2_000);
    expect(await outcome(state)).toBe("200 miss");
  });

  test("no older than the caller will have it", async () => {
    await ask(title);
    advance(20_000);
    expect(await outcome(title, { max_age: 30 })).toBe("200 hit");
    expect(await outcome(title, { max_age: 10 })).toBe("200 miss");
    expect(await outcome(title, { max_age: 0 })).toBe("200 miss");
  });

  test("that is held is given past its own lifetime to a caller who asks for held ones, as long as CI may be unsettled", async () => {
    const state = inRepository("issue(number: 7) { state }");
    expect(await outcome(state, { held: true, max_age: 60 })).toBe("204");
    expect(queries().length).toBe(0);
    await ask(state);
    advance(14_000);
    expect(await outcome(state, { held: true, max_age: 60 })).toBe("200 hit");
    expect(await outcome(state, { held: true, max_age: 60 }, relay.sibling())).toBe("200 hit");
    expect(await outcome(state, { held: true, max_age: 10 })).toBe("204");
    advance(2_000);
    expect(await outcome(state, { held: true, max_age: 60 })).toBe("204");
    expect(queries().length).toBe(1);
  });

  test("that is held costs a known caller of a proven repository no statement, found or not, also in another isolate", async () => {
    const state = inRepository("issue(number: 7) { state }");
    const { counts, vars } = countingBindings();
    const isolate = relay.sibling(vars);
    await ask(title, {}, isolate);
    counts.d1 = 0;
    expect(await outcome(state, { held: true }, isolate)).toBe("204");
    await ask(state);
    advance(8_000);
    await expect.poll(() => outcome(state, { held: true }, isolate)).toBe("200 hit");
    expect(counts.d1).toBe(0);
  });

  test("that is held is not given where it is older than a moment that the caller knows of, or its proof has ended", async () => {
    const state = inRepository("issue(number: 7) { state }");
    await ask(state);
    advance(5_000);
    expect(await outcome(state, { held: true, max_age: 15, not_before: Date.now() })).toBe("204");
    advance(5_000);
    const wary = relay.sibling({ PUBLIC_REPO_TTL_SECONDS: "5" });
    const other = inRepository("issue(number: 8) { state }");
    await ask(other, {}, wary);
    advance(4_000);
    expect(await outcome(other, { held: true }, wary)).toBe("200 hit");
    advance(2_000);
    expect(await outcome(other, { held: true }, wary)).toBe("204");
  });

  test("asked live by a known caller of a proven repository, takes one statement: its own", async () => {
    const { counts, vars } = countingBindings();
    const isolate = relay.sibling(vars);
    await ask(title, {}, isolate);
    counts.d1 = 0;
    expect(await outcome(inRepository("issue(number: 8) { title }"), { max_age: 0 }, isolate)).toBe("200 miss");
    expect(counts.d1).toBe(1);
  });

  test("is asked for once by all simultaneous callers", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(title)));
    expect(outcomes.every((each) => each.startsWith("200"))).toBe(true);
    expect(queries().length).toBe(1);
  });

  test("bridges an outage of GitHub for five minutes", async () => {
    await ask(title);
    relay.github.on("/graphql", () => new Response("", { status: 503 }));
    advance(120_000);
    expect(await outcome(title)).toBe("200 stale");
  });

  test("its points are the GraphQL budget's", async () => {
    relay.github.on("/graphql", () => json(sealed(own), { headers: budget(4_321) }));
    await ask(title);
    const { body } = await relay.ask("/v1/pools/maintainers/health", {
      headers: { authorization: `Bearer ${relay.token}` },
    });
    expect(JSON.stringify(body)).toMatch(/"graphql":\s*\{[^}]*4321|graphql[^}]*4321/);
  });
});

describe("only with an App", () => {
  test("a pool of tokens leaves it to the caller's gh, and GitHub is asked nothing", async () => {
    await relay.admin("/pools/maintainers/identities/app", "PATCH", { disabled: true });
    expect(await outcome(title)).toBe("424 fallback_local no_identity");
    expect(relay.github.calls).toEqual([]);
  });

  test("an App that is not installed there is not used for it, and goes on reading by REST", async () => {
    relay.github.on(exchange, (call) => {
      if (call.body !== "") return json({ message: "Unprocessable" }, { status: 422 });
      return json({ token: "ghs_rest", expires_at: new Date(Date.now() + 3_600_000).toISOString() }, { status: 201 });
    });
    relay.github.on("/repos/acme/widgets/labels", () => json([]));
    expect(await outcome(title)).toBe("424 fallback_local github_identity_forbidden");
    await relay.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
    expect((await relay.read("/repos/acme/widgets/labels")).identity?.id).toBe("app");
  });
});

describe("the guard", () => {
  test("a private repository is denied before GraphQL is asked", async () => {
    relay.github.on("/repos/acme/widgets", () => json({ id: 1, full_name: "acme/widgets", private: true }));
    expect(await outcome(title)).toBe("424 fallback_local repo_not_public");
    expect(queries()).toEqual([]);
  });

  test("an entry is not released once the repository is private", async () => {
    await ask(title);
    relay.github.on("/repos/acme/widgets", () => json({ id: 1, full_name: "acme/widgets", private: true }));
    advance(31_000);
    expect(await outcome(title)).toBe("424 fallback_local repo_not_public");
  });

  test("the check behind a query renews the proof: the repository is asked about once", async () => {
    const state = inRepository("issue(number: 7) { state }");
    const proofs = () => relay.github.calls.filter(({ url }) => url.pathname === "/repos/acme/widgets").length;
    await ask(state);
    expect(proofs()).toBe(1);
    advance(31_000);
    expect(await outcome(state)).toBe("200 miss");
    relay.github.on("/repos/acme/widgets/labels", () => json([]));
    advance(20_000);
    expect((await relay.read("/repos/acme/widgets/labels")).relay?.cache).toBe("miss");
    expect(proofs()).toBe(1);
  });

  test("a query whose check does not say public proves nothing after the proof has run out", async () => {
    const state = inRepository("issue(number: 7) { state }");
    await ask(state);
    relay.github.on("/graphql", () => json(sealed(own, '{"isPrivate":true}')));
    relay.github.on("/repos/acme/widgets", () => json({ id: 1, full_name: "acme/widgets", private: true }));
    advance(31_000);
    expect(await outcome(state)).toBe("424 fallback_local local_credentials_required");
    advance(6_000);
    relay.github.on("/repos/acme/widgets/labels", () => json([]));
    await expect(relay.read("/repos/acme/widgets/labels")).rejects.toThrow("repo_not_public");
  });

  test("an owner that the policy does not allow is denied", async () => {
    const policy = { allow_public_repos: false, allowed_owners: ["other"] };
    await relay.admin("/pools/maintainers/policy", "PATCH", policy);
    expect(await outcome(title)).toBe("424 fallback_local owner_denied");
  });

  test.each([
    ["a repository that became private a moment ago", '{"isPrivate":true}'],
    ["an answer that ends otherwise", '{"isPrivate":false},"extensions":{}'],
  ])("%s is neither shown nor kept", async (_name, check) => {
    relay.github.on("/graphql", () => json(sealed(own, check)));
    expect(await outcome(title)).toBe("424 fallback_local local_credentials_required");
    relay.github.on("/graphql", () => json(sealed(own)));
    advance(6_000);
    expect(await outcome(title)).toBe("200 miss");
  });

  test("unsent reviews of the App's own are neither shown nor kept", async () => {
    const threads = inRepository("pullRequest(number: 7) { reviewThreads(first: 1) { totalCount } }");
    const told = '{"data":{"repository":{"pullRequest":{"reviewThreads":{"totalCount":1}}}}}';
    const check = (count: number) => `{"isPrivate":false,"p7":{"reviews":{"totalCount":${count}}}}`;
    relay.github.on("/graphql", () => json(sealed(told, check(1))));
    expect(await outcome(threads)).toBe("424 fallback_local local_credentials_required");
    relay.github.on("/graphql", () => json(sealed(told, check(0))));
    advance(6_000);
    expect(await outcome(threads)).toBe("200 miss");
  });

  test.each([
    ["a viewer field", inRepository("viewerPermission"), "route_denied"],
    ["a mutation", 'mutation { addStar(input: {starrableId: "x"}) { clientMutationId } }', "route_denied"],
    [
      "unsent reviews of pull requests that are not named",
      inRepository("pullRequests(first: 1) { nodes { latestReviews(first: 1) { totalCount } } }"),
      "local_credentials_required",
    ],
  ])("%s is not asked", async (_name, query, reason) => {
    expect(await outcome(query)).toBe(`424 fallback_local ${reason}`);
    expect(relay.github.calls).toEqual([]);
  });

  test("a body that is no request is named as such, and a stranger learns nothing", async () => {
    expect(await outcome("")).toBe("400 invalid_request");
    expect(await outcome(title, { pool: "" })).toBe("400 invalid_request");
    relay.token = "op_unknown";
    expect(await outcome(inRepository("viewerPermission"))).toBe("401 invalid_auth");
  });
});

describe("GitHub's refusals", () => {
  const errors = (type: string | undefined, data: unknown = null) => json({ data, errors: [{ type, message: "no" }] });

  test.each(["NOT_FOUND", "FORBIDDEN", "INSUFFICIENT_SCOPES", "MAX_NODE_LIMIT_EXCEEDED", undefined])(
    "%s is the caller's own gh's to meet, and is not asked again at once",
    async (type) => {
      relay.github.on("/graphql", () => errors(type, { repository: { issue: { title: "half" } } }));
      expect(await outcome(title)).toBe("424 fallback_local local_credentials_required");
      expect(await outcome(title)).toBe("424 fallback_local local_credentials_required");
      expect(queries().length).toBe(1);
    },
  );

  test("an exhausted budget, which GitHub tells with 200, passes on to the next App and rests", async () => {
    await relay.identity({ id: "two", kind: "github_app", login: "two", secret_ref: "APP_KEY", installation_id: 43 });
    relay.github.on("/app/installations/43/access_tokens", () =>
      json({ token: "ghs_two", expires_at: new Date(Date.now() + 3_600_000).toISOString() }, { status: 201 }),
    );
    const spent = { headers: { ...budget(0) } };
    relay.github.on("/graphql", ({ token }) =>
      token === "ghs_two" ? json(sealed(own)) : json({ errors: [{ type: "RATE_LIMITED", message: "no" }] }, spent),
    );
    expect(await outcome(title)).toBe("200 miss");
    advance(1_000);
    const before = queries().length;
    await ask(inRepository("name"));
    expect(
      queries()
        .slice(before)
        .map(({ token }) => token),
    ).toEqual(["ghs_two"]);
  });

  test("with no identity left it is an outage, during which a cached answer is served", async () => {
    await ask(title);
    relay.github.on("/graphql", () =>
      json({ errors: [{ type: "RATE_LIMITED", message: "no" }] }, { headers: budget(0) }),
    );
    advance(120_000);
    expect(await outcome(title)).toBe("200 stale");
    expect(await outcome(inRepository("name"))).toMatch(/^424 fallback_local (identit|github_identity_depleted)/);
  });

  test.each([502, 504])("%i is not asked again for a minute", async (status) => {
    relay.github.on("/graphql", () => new Response("", { status }));
    expect(await outcome(title)).toBe("424 fallback_local local_credentials_required");
    advance(59_000);
    expect(await outcome(title)).toBe("424 fallback_local local_credentials_required");
    expect(queries().length).toBe(1);
    relay.github.on("/graphql", () => json(sealed(own)));
    advance(2_000);
    expect(await outcome(title)).toBe("200 miss");
  });

  test("a page instead of JSON is no answer", async () => {
    relay.github.on("/graphql", () => new Response("<html>", { headers: { "content-type": "text/html" } }));
    expect(await outcome(title)).toBe("502 github_unreachable");
  });
});

test("the trail names the read and the repository, and no word of the query", async () => {
  const query = `query Mine { secret: repository(owner: "Acme", name: "Widgets") { labels(first: 1, query: "hush") { totalCount } } }`;
  relay.github.on("/graphql", () => json(sealed('{"data":{"secret":{"labels":{"totalCount":0}}}}')));
  expect(await outcome(query)).toBe("200 miss");
  const { body } = await relay.admin("/audit?pool=maintainers");
  const text = JSON.stringify(body);
  expect(text).toContain("graphql_read acme/widgets labels");
  expect(text).not.toMatch(/hush|secret|Mine/);
});
