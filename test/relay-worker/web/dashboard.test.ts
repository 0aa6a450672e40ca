import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { dashboardSchema } from "../../../shared/dashboard.ts";
import { recordingDatabase } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, type TestRelay } from "../support/relay.ts";
import { Browser, makeOperator, signInRelay } from "./support.ts";

let relay: TestRelay;
let browser: Browser;
let ada: string;

beforeEach(async () => {
  relay = await signInRelay();
  browser = new Browser(relay);
  await browser.signIn();
  ada = await makeOperator(relay);
});

/** A pool that has done something: two misses, two hits, one refusal. */
async function busyPool(): Promise<void> {
  relay.github.public("acme/tool").on("/repos/acme/tool/pulls/1", () => json({ number: 1 }));
  await relay.read("/repos/acme/tool/pulls/1");
  await relay.read("/repos/acme/tool/pulls/1");
  await relay.read("/repos/acme/tool/pulls/1");
  await relay.refusal("/repos/acme/secret/pulls/1");
}

const page = async (path = "/dashboard") => (await browser.go(path)).text();
const data = async (query = "") => dashboardSchema.parse(await (await browser.go(`/v1/dashboard${query}`)).json());
const formToken = (html: string) => /name="form_token" value="([\w-]+)"/.exec(html)?.[1] ?? "";
const act = async (action: string, fields: Record<string, string>) =>
  browser.post(`/dashboard/actions/${action}`, { ...fields, form_token: formToken(await page()) });

describe("access", () => {
  test("a browser without a session is led to sign in, and back to where it wanted to go", async () => {
    const response = await new Browser(relay).go("/dashboard?pool=bots");
    expect([response.status, response.headers.get("location")]).toEqual([
      302,
      "/login/github?next=%2Fdashboard%3Fpool%3Dbots",
    ]);
  });

  test("a program without a session gets 401, and a caller's token or the operator's is no session", async () => {
    for (const token of ["", relay.token, "admin-secret"]) {
      const { status, body } = await relay.ask("/v1/dashboard", { headers: { authorization: `Bearer ${token}` } });
      expect([status, body]).toMatchObject([401, { error: { code: "missing_auth" } }]);
    }
  });

  test("a member who is no operator is told how to become one, and sees and changes nothing", async () => {
    await relay.admin(`/callers/${ada}`, "PATCH", { dashboard_role: null });
    await browser.signIn();
    const response = await browser.go("/dashboard");
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("octopool admin caller grant-dashboard ada");
    expect((await browser.go("/v1/dashboard")).status).toBe(403);
    expect((await browser.go("/dashboard/actions/identity.disable?pool=maintainers&id=pat_one")).status).toBe(403);
    expect((await browser.post("/dashboard/actions/identity.disable", {})).status).toBe(403);
  });
});

describe("the content", () => {
  test("as JSON: requests, their cost, spared calls, and healthy identities", async () => {
    await busyPool();
    const told = await data();
    const sum = (name: "spent" | "spared" | "requests") => told.timeline.reduce((total, slot) => total + slot[name], 0);
    expect(sum("requests")).toBe(4);
    expect(sum("spared")).toBe(2);
    expect(sum("spent")).toBe(told.stats.totals.github_calls);
    expect(told.stats.totals.github_calls).toBe(
      relay.github.calls.filter(({ url }) => url.host === "api.github.com" && url.pathname.startsWith("/repos/"))
        .length,
    );
    expect(Object.fromEntries(told.sources.map(({ source, count }) => [source, count]))).toMatchObject({
      memory: 2,
      fallback: 1,
    });
    expect(told.identities).toMatchObject([
      { id: "pat_one", budgets: [{ resource: "core", limit: 5000, remaining: 4999 }] },
    ]);
    expect(told.cache).toMatchObject([{ route_kind: "pr_view", entries: 1, fresh: 1 }]);
    expect(told.proofs).toMatchObject({ public: 1, not_public: 1 });
    expect(told.requests.events).toHaveLength(4);
    expect(told.changes.map(({ action }) => action)).toContain("caller.grant_dashboard");
  });

  test("the same on a page without a script of its own, style or host other than this one", async () => {
    await busyPool();
    const response = await browser.go("/dashboard");
    const html = await response.text();
    for (const text of ["pat_one", "pr view", "acme/tool", "4,999 of 5,000", "mona"]) expect(html).toContain(text);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(html).not.toMatch(/\sstyle="|\son\w+="|<style|<script(?! src="\/assets\/)/);
    expect([...html.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, target]) => target)).toSatisfy(
      (targets: string[]) => targets.length > 5 && targets.every((target) => /^[/#](?!\/)/.test(target)),
    );
  });

  test("a read of statistics is no change", async () => {
    await relay.ask("/v1/pools/maintainers/stats", { headers: { authorization: `Bearer ${relay.token}` } });
    const { changes } = await data();
    expect(changes.map(({ action }) => action).toSorted()).toEqual([
      "caller.create",
      "caller.grant_dashboard",
      "identity.upsert",
    ]);
  });

  test("an empty pool is a page as well", async () => {
    await relay.admin("/pools/new/policy", "PATCH", { allow_logs: false });
    expect(await page("/dashboard?pool=new")).toContain("has no identity yet");
  });

  test("text from outside cannot become markup", async () => {
    await relay.caller("mona", { name: "<script>alert(1)</script>" });
    await busyPool();
    const html = await page("/dashboard?caller=%22%3E%3Cscript%3Ealert(2)%3C/script%3E&done=%3Cscript%3E");
    expect(html).not.toContain("<script>");
  });

  test("cooldowns are shown until they end", async () => {
    relay.github.public("acme/tool").on("/repos/acme/tool/pulls/2", () => json({ message: "no" }, { status: 401 }));
    await relay.refusal("/repos/acme/tool/pulls/2");
    expect((await data()).identities[0]?.cooldowns).toMatchObject([{ scope: "identity" }]);
    expect(await page()).toMatch(/identity cools for \d+/);
    advance(121_000);
    expect((await data()).identities[0]?.cooldowns).toEqual([]);
  });
});

describe("its list of requests", () => {
  test.each([
    ["?cache=hit", 2],
    ["?cache=miss", 1],
    ["?result=fallback", 1],
    ["?result=ok", 3],
    ["?result=error", 0],
    ["?route=pr_view&result=ok", 3],
    ["?route=issue_view", 0],
    ["?caller=nobody", 0],
    ["?client=admin", 4],
    ["?cache=&route=&caller=", 4],
  ])("with %s has %i", async (query, count) => {
    await busyPool();
    expect((await data(query)).requests.events).toHaveLength(count);
  });

  test("goes on page by page", async () => {
    relay.github.public("acme/tool").on("/repos/acme/tool/pulls/1", () => json({ number: 1 }));
    for (let read = 0; read < 30; read += 1) await relay.read("/repos/acme/tool/pulls/1");
    const first = (await data()).requests;
    const second = (await data(`?cursor=${first.next_cursor}`)).requests;
    const ids = [...first.events, ...second.events].map(({ id }) => id);
    expect([ids.length, new Set(ids).size, second.next_cursor]).toEqual([30, 30, null]);
    expect(await page()).toMatch(new RegExp(`cursor=${first.next_cursor}#requests`));
  });

  test("refuses a window of more than 30 days", async () => {
    expect((await browser.go("/v1/dashboard?since=31d")).status).toBe(400);
  });
});

describe("its actions", () => {
  const identity = async () => (await data()).identities[0];
  const audited = async () =>
    (await data()).changes
      .filter(({ client }) => client === "dashboard")
      .map(({ action, target, caller }) => [action, target, caller]);

  test("an identity is disabled and enabled, after a page that describes the change, and the trail names the operator", async () => {
    const confirm = await page("/dashboard/actions/identity.disable?pool=maintainers&id=pat_one");
    expect(confirm).toContain("Disable the identity pat_one?");
    expect(await identity()).toMatchObject({ disabled: false });
    const response = await act("identity.disable", { pool: "maintainers", id: "pat_one" });
    expect(response.status).toBe(303);
    expect(await page(response.headers.get("location") ?? "")).toContain("pat_one is disabled.");
    expect(await identity()).toMatchObject({ disabled: true });
    await act("identity.enable", { pool: "maintainers", id: "pat_one" });
    expect(await identity()).toMatchObject({ disabled: false });
    expect(await audited()).toEqual([
      ["identity.change", "pat_one disabled=false", ada],
      ["identity.change", "pat_one disabled=true", ada],
    ]);
    const all = (await data()).changes.filter(({ action }) => action === "identity.change");
    expect(all, "one row a change").toHaveLength(2);
  });

  test("an operator who is about to disable themselves is warned", async () => {
    const mona = (await data()).callers.find(({ github_login: login }) => login === "mona")?.id ?? "";
    const confirm = (id: string) => page(`/dashboard/actions/caller.disable?pool=maintainers&id=${id}`);
    expect(await confirm(ada)).toContain("This is you");
    expect(await confirm(mona)).not.toContain("This is you");
  });

  test("leads back to the window it was begun in, and reports the change for a minute", async () => {
    const response = await act("identity.disable", { pool: "maintainers", id: "pat_one", since: "7d" });
    const back = response.headers.get("location") ?? "";
    expect(new URL(back, "https://relay.test").searchParams.get("since")).toBe("7d");
    expect(await page(back)).toContain("pat_one is disabled.");
    advance(61_000);
    expect(await page(back)).not.toContain("pat_one is disabled.");
  });

  test("the weight of an identity is changed within the API's bounds", async () => {
    await act("identity.weight", { pool: "maintainers", id: "pat_one", weight: "2.5" });
    expect(await identity()).toMatchObject({ weight: 2.5 });
    for (const weight of ["0", "-1", "1001", "many", "", "0x10", "1e-320"]) {
      expect((await act("identity.weight", { pool: "maintainers", id: "pat_one", weight })).status).toBe(400);
    }
    expect(await identity()).toMatchObject({ weight: 2.5 });
  });

  test("a caller is disabled, and their token stops working at once", async () => {
    const { callers } = await data();
    const mona = callers.find(({ github_login: login }) => login === "mona")?.id ?? "";
    await act("caller.disable", { pool: "maintainers", id: mona });
    relay.github.public("acme/tool");
    expect(await relay.refusal("/repos/acme/tool")).toContain("401 invalid_auth");
    await act("caller.enable", { pool: "maintainers", id: mona });
    expect((await data()).callers.find(({ id }) => id === mona)).toMatchObject({ disabled: false });
  });

  test("a repository's entries are purged", async () => {
    await busyPool();
    const response = await act("cache.purge", { pool: "maintainers", repo: "acme/tool", route: "" });
    expect(await page(response.headers.get("location") ?? "")).toContain(
      "the repository acme/tool is purged: 1 entries.",
    );
    expect((await data()).cache).toEqual([]);
  });

  test.each([
    ["identity.disable", { pool: "maintainers", id: "nobody" }, 404],
    ["cache.purge", { pool: "maintainers" }, 400],
    ["cache.purge", { pool: "maintainers", repo: "a/b", route: "pr_view" }, 400],
    ["cache.purge", { pool: "maintainers", repo: "<img src=x>" }, 400],
    ["cache.purge", { pool: "maintainers", route: "no_such_route" }, 400],
    ["everything.delete", { pool: "maintainers" }, 404],
  ])("%s with %j is refused", async (action, fields, status) => {
    expect((await act(action, fields)).status).toBe(status);
    expect((await browser.go(`/dashboard/actions/${action}?${new URLSearchParams(fields)}`)).status).toBe(status);
  });

  describe("is refused, with nothing changed, for a form", () => {
    const fields = { pool: "maintainers", id: "pat_one" };
    const path = "/dashboard/actions/identity.disable";

    test.each<[string, (token: string) => Promise<Response>]>([
      ["without its token", () => browser.post(path, fields)],
      ["with a wrong token", (token) => browser.post(path, { ...fields, form_token: `${token}x` })],
      [
        "from another origin",
        (token) => browser.post(path, { ...fields, form_token: token }, { origin: "https://evil.test" }),
      ],
      ["from a null origin", (token) => browser.post(path, { ...fields, form_token: token }, { origin: "null" })],
      [
        "from another site",
        (token) => browser.post(path, { ...fields, form_token: token }, { "sec-fetch-site": "cross-site" }),
      ],
    ])("%s", async (_name, send) => {
      expect((await send(formToken(await page()))).status).toBe(403);
      expect(await identity()).toMatchObject({ disabled: false });
    });

    test("of another session, also of the same person", async () => {
      const other = new Browser(relay);
      await other.signIn();
      const token = formToken(await (await other.go("/dashboard")).text());
      expect((await browser.post(path, { ...fields, form_token: token })).status).toBe(403);
    });

    test("that is JSON, which another site could not send by a form but a script might try", async () => {
      const init = { method: "POST", body: JSON.stringify(fields), headers: { "content-type": "application/json" } };
      expect((await browser.go(path, init)).status).toBe(415);
    });
  });

  test("a message is shown only when this relay sealed it for this session", async () => {
    expect(await page("/dashboard?done=Call+this+number&seal=AAAA")).not.toContain("Call this number");
  });
});

describe("a pool in trouble", () => {
  test("says on its page that its policy cannot be read", async () => {
    await page();
    await env.DB.prepare("update pools set policy = 'garbage'").run();
    advance(31_000);
    expect(await page()).toContain("every read is refused");
  });
});

describe("pages", () => {
  test("errors are pages for a browser, JSON for every other client and everywhere under /v1", async () => {
    const html = await browser.go("/nothing/here");
    expect([html.status, html.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(html.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await html.text()).toContain("not_found");
    for (const [path, accept] of [
      ["/nothing", "*/*"],
      ["/v1/nothing", "text/html"],
      ["/nothing", "application/json"],
    ] as const) {
      const { status, body } = await relay.ask(path, { headers: { accept } });
      expect([status, body]).toMatchObject([404, { error: { code: "not_found" } }]);
    }
  });

  test("style and script have names that change with their content, and are kept", async () => {
    const [, path = ""] = /href="(\/assets\/[^"]+style\.css)"/.exec(await page("/")) ?? [];
    const response = await browser.go(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect((await browser.go("/assets/000000000000/style.css")).status).toBe(404);
    expect((await browser.go("/assets/__proto__/constructor")).status).toBe(404);
  });

  test("the landing page names the host that was asked, and the dashboard only where one can sign in", async () => {
    expect(await page("/")).toContain("octopool login https://relay.test");
    expect(await page("/")).toContain('href="/dashboard"');
    const bare = relay.sibling({ GITHUB_OAUTH_CLIENT_ID: "" });
    expect(await (await new Browser(bare).go("/")).text()).not.toContain('href="/dashboard"');
  });
});

test("the dashboard walks through no table that grows, under any filter", async () => {
  const { DB, statements } = recordingDatabase();
  const watched = new Browser(relay.sibling({ DB }));
  for (const [name, cookie] of browser.cookies) watched.cookies.set(name, cookie);
  for (const query of ["", "?caller=a&client=b&route=c&cache=hit&result=error"])
    await watched.go(`/v1/dashboard${query}`);
  const plans = statements
    .filter((statement) => /^\s*select/i.test(statement))
    .map(async (statement) => {
      const values = statement.match(/\?/g)?.map(() => null) ?? [];
      const explained = env.DB.prepare(`explain query plan ${statement}`).bind(...values);
      const { results } = await explained.all<{ detail: string }>();
      return results.map(({ detail }) => detail);
    });
  const scans = (await Promise.all(plans)).flat().filter((detail) => /^SCAN (audit_events|github_)\w*$/.test(detail));
  expect(statements.length).toBeGreaterThan(15);
  expect(scans).toEqual([]);
});
