import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../../relay-worker/auth/tokens.ts";
import { safeNext } from "../../../relay-worker/web/state.ts";
import { meSchema } from "../../../shared/dashboard.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";
import { Browser, makeOperator, oauthVars, signInRelay } from "./support.ts";

const stateCookie = "__Host-octopool_oauth_state";
const attributesOf = (browser: Browser, name: string) => browser.cookies.get(name)?.attributes ?? [];
const sessions = async () => (await env.DB.prepare("select * from web_sessions").all()).results;
const errorCode = async (response: Response) => /<code>(\w+)<\/code> · request/.exec(await response.text())?.[1];

describe("signing in", () => {
  test("asks GitHub for read:org, with a state, a challenge and our callback", async () => {
    const { authorize } = await new Browser(await signInRelay()).begin();
    expect(authorize.origin + authorize.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(Object.fromEntries(authorize.searchParams)).toMatchObject({
      client_id: "client",
      scope: "read:org",
      redirect_uri: "https://relay.test/login/github/callback",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
  });

  test("redeems the code with the verifier that the challenge was made of", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    const { state, authorize } = await browser.begin();
    await browser.callback(state);
    const call = relay.github.calls.find(({ url }) => url.pathname === "/login/oauth/access_token");
    const verifier = new URLSearchParams(call?.body).get("code_verifier") ?? "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const challenge = btoa(String.fromCharCode(...new Uint8Array(digest)));
    const plain = challenge.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    expect(authorize.searchParams.get("code_challenge")).toBe(plain);
    expect(authorize.href).not.toContain(verifier);
  });

  test("ends in a session whose hash alone is stored, and which is known again", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    const response = await browser.signIn();
    expect([response.status, response.headers.get("location")]).toEqual([302, "/dashboard"]);
    const token = browser.cookies.get("octopool_session")?.value ?? "";
    const rows = await sessions();
    expect(rows).toEqual([expect.objectContaining({ hash: await sha256Hex(token) })]);
    expect(JSON.stringify(rows)).not.toContain(token);
    const id = await makeOperator(relay);
    const me = await browser.go("/v1/me");
    expect(meSchema.strict().parse(await me.json())).toMatchObject({ caller: { id, github_login: "ada" } });
  });

  test("leaves GitHub's token nowhere in the database", async () => {
    const relay = await signInRelay();
    await new Browser(relay).signIn();
    for (const table of ["callers", "caller_tokens", "web_sessions", "audit_events"]) {
      const { results } = await env.DB.prepare(`select * from ${table}`).all();
      expect(JSON.stringify(results)).not.toContain("gho_ada");
    }
  });

  test("without an OAuth app names the settings that an operator must make", async () => {
    const relay = await TestRelay.create();
    const response = await new Browser(relay).go("/login/github");
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("GITHUB_OAUTH_CLIENT_SECRET");
  });

  test("refuses a user who is no member, one that an operator disabled, and a code that GitHub does not know", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    const { state } = await browser.begin();
    expect(await errorCode(await browser.callback(state, "bad-code"))).toBe("github_auth_failed");
    await browser.signIn();
    const id = await makeOperator(relay);
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: true });
    expect(await errorCode(await browser.signIn())).toBe("pool_denied");
    relay.github.on("/user/orgs", () => json([{ login: "others" }]));
    expect(await errorCode(await browser.signIn())).toBe("org_member_denied");
    expect(await sessions()).toEqual([]);
  });

  test("is limited for each address", async () => {
    const browser = new Browser(await signInRelay());
    const statuses = [];
    for (let attempt = 0; attempt < 21; attempt += 1) {
      const { state } = await browser.begin();
      statuses.push((await browser.callback(state, "bad-code")).status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429]);
  });

  test("on another host than the callback's moves to that host first", async () => {
    const relay = await signInRelay({ GITHUB_OAUTH_CALLBACK_ORIGIN: "https://app.test/" });
    const response = await new Browser(relay).go("/login/github?next=/dashboard%3Fpool%3Da");
    expect(response.headers.get("location")).toBe("https://app.test/login/github?next=%2Fdashboard%3Fpool%3Da");
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe("the callback's origin", () => {
  test.each(["https://RELAY.test:443/", "https://relay.test"])("%s is this host", async (origin) => {
    const { authorize } = await new Browser(await signInRelay({ GITHUB_OAUTH_CALLBACK_ORIGIN: origin })).begin();
    expect(authorize.searchParams.get("redirect_uri")).toBe("https://relay.test/login/github/callback");
  });

  test.each(["relay.test", "mailto:a@b"])(
    "%s is none, and the operator is told which setting is wrong",
    async (origin) => {
      const response = await new Browser(await signInRelay({ GITHUB_OAUTH_CALLBACK_ORIGIN: origin })).go(
        "/login/github",
      );
      expect([response.status, await response.text()]).toEqual([
        503,
        expect.stringContaining("GITHUB_OAUTH_CALLBACK_ORIGIN"),
      ]);
    },
  );
});

describe("cookies", () => {
  test("are HttpOnly, Secure and SameSite=Lax; the session lives 14 days, the state ten minutes, bound to this very host", async () => {
    const browser = new Browser(await signInRelay());
    const { state } = await browser.begin();
    expect(attributesOf(browser, stateCookie).toSorted()).toEqual(
      ["httponly", "max-age=600", "path=/", "samesite=lax", "secure"].toSorted(),
    );
    await browser.callback(state);
    expect(attributesOf(browser, "octopool_session").toSorted()).toEqual(
      ["httponly", "max-age=1209600", "path=/", "samesite=lax", "secure"].toSorted(),
    );
    expect(browser.cookies.has(stateCookie)).toBe(false);
  });

  test("go without Secure on this machine's plain http, where a browser would drop them", async () => {
    const browser = new Browser(await signInRelay());
    await browser.go("http://localhost:8787/login/github");
    expect(attributesOf(browser, "octopool_oauth_state")).not.toContain("secure");
    expect(attributesOf(browser, "octopool_oauth_state")).toContain("httponly");
  });
});

describe("a login that is not this browser's own", () => {
  test("with a state whose cookie is missing, another's, or forged is refused before GitHub is asked", async () => {
    const relay = await signInRelay();
    const victim = new Browser(relay);
    const { state: theirs } = await new Browser(relay).begin();
    expect(await errorCode(await victim.callback(theirs))).toBe("csrf_denied");
    const { state } = await victim.begin();
    expect(await errorCode(await victim.callback(theirs))).toBe("csrf_denied");
    const [text = "", signature = ""] = state.split(".");
    const forged = `${btoa(JSON.stringify({ nonce: "0".repeat(22), next: "/", at: Date.now() }))}.${signature}`;
    victim.cookies.set(stateCookie, { value: forged, attributes: ["path=/"] });
    expect(await errorCode(await victim.callback(forged))).toBe("csrf_denied");
    expect(text).not.toBe("");
    expect(relay.github.count("/login/oauth/access_token")).toBe(0);
    expect(await sessions()).toEqual([]);
  });

  test("with an empty state and no cookie is refused", async () => {
    const browser = new Browser(await signInRelay());
    expect(await errorCode(await browser.go("/login/github/callback?code=good-code"))).toBe("csrf_denied");
  });

  test("with a state signed by another relay's secret is refused", async () => {
    const relay = await signInRelay();
    const other = new Browser(relay.sibling({ GITHUB_OAUTH_CLIENT_SECRET: "other" }));
    const { state } = await other.begin();
    const browser = new Browser(relay);
    for (const [name, cookie] of other.cookies) browser.cookies.set(name, cookie);
    expect(await errorCode(await browser.callback(state))).toBe("csrf_denied");
  });

  test("comes too late after ten minutes", async () => {
    const browser = new Browser(await signInRelay());
    const { state } = await browser.begin();
    advance(600_000);
    expect(await errorCode(await browser.callback(state))).toBe("csrf_denied");
  });

  test("cannot be replayed: the state is good for one callback, in a browser that kept its cookie too", async () => {
    const browser = new Browser(await signInRelay());
    const { state } = await browser.begin();
    const kept = browser.cookies.get(stateCookie);
    expect((await browser.callback(state)).status).toBe(302);
    expect(await errorCode(await browser.callback(state))).toBe("csrf_denied");
    if (kept) browser.cookies.set(stateCookie, kept);
    expect(await errorCode(await browser.callback(state))).toBe("csrf_denied");
    expect(await sessions()).toHaveLength(1);
  });

  test("cannot be planted by another host of the domain: a second cookie of the name makes both worthless", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    await browser.signIn();
    await makeOperator(relay);
    const mine = browser.cookies.get("octopool_session")?.value ?? "";
    const cookie = `octopool_session=planted; octopool_session=${mine}`;
    expect((await relay.fetch("/v1/me", { headers: { cookie } })).status).toBe(401);
    expect((await relay.fetch("/v1/me", { headers: { cookie: `octopool_session=${mine}` } })).status).toBe(200);
  });

  test("cannot fix the session: the value that the browser brought is never taken over, and ends", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    const planted = { value: "planted-by-somebody-else", attributes: ["path=/"] };
    browser.cookies.set("octopool_session", planted);
    await browser.signIn();
    const first = browser.cookies.get("octopool_session")?.value;
    expect(first).not.toBe(planted.value);
    await browser.signIn();
    expect(browser.cookies.get("octopool_session")?.value).not.toBe(first);
    expect(await sessions()).toHaveLength(1);
  });
});

describe("the page after a login", () => {
  test("is the path on this host that was asked for", async () => {
    const response = await new Browser(await signInRelay()).signIn("/dashboard?pool=bots&since=7d");
    expect(response.headers.get("location")).toBe("/dashboard?pool=bots&since=7d");
  });

  test.each([
    "https://evil.test/",
    "//evil.test/",
    "/\\evil.test/",
    "/\t/evil.test",
    "\\\\evil.test",
    "javascript:alert(1)",
    "dashboard",
    "/.//evil.test",
    "/a/..//evil.test",
    `/${"x".repeat(2000)}`,
    "",
  ])("is the dashboard instead of %j", (next) => {
    expect(safeNext(next)).toBe("/dashboard");
  });
});

describe("a session", () => {
  test("ends after 14 days", async () => {
    const relay = await signInRelay({ ORG_VERIFY_TTL_SECONDS: String(30 * 86_400) });
    const browser = new Browser(relay);
    await browser.signIn();
    await makeOperator(relay);
    advance(14 * 86_400_000 - 1);
    expect((await browser.go("/v1/me")).status).toBe(200);
    advance(1);
    expect((await browser.go("/v1/me")).status).toBe(401);
  });

  test("ends when its caller is disabled, and shows nothing once the role is withdrawn", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    await browser.signIn();
    expect((await browser.go("/v1/me")).status).toBe(403);
    const id = await makeOperator(relay);
    expect((await browser.go("/v1/me")).status).toBe(200);
    await relay.admin(`/callers/${id}`, "PATCH", { dashboard_role: null });
    expect((await browser.go("/v1/me")).status).toBe(401);
    await browser.signIn();
    expect((await browser.go("/v1/me")).status).toBe(403);
    await relay.admin(`/callers/${id}`, "PATCH", { disabled: true });
    expect((await browser.go("/v1/me")).status).toBe(401);
  });

  test("of a user who left the organisation is refused once the proof has expired", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    await browser.signIn();
    await makeOperator(relay);
    relay.github.on("/orgs/acme/members", () => json([{ id: 8, login: "bob" }]));
    advance(86_400_000);
    const response = await browser.go("/v1/me");
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code: "org_member_denied" } }]);
  });
});

describe("a signed-in account can sign out", () => {
  const formToken = (page: string) => /name="form_token" value="([\w-]+)"/.exec(page)?.[1] ?? "";

  test("though they are no operator", async () => {
    const browser = new Browser(await signInRelay());
    await browser.signIn();
    const refused = await browser.go("/dashboard");
    expect(refused.status).toBe(403);
    const response = await browser.post("/logout", { form_token: formToken(await refused.text()) });
    expect([response.status, await sessions()]).toEqual([303, []]);
  });

  test("though their membership cannot be proven again; the page leads to a new sign-in as well", async () => {
    const relay = await signInRelay({ OCTOPOOL_GITHUB_ORG_TOKEN: "" });
    const browser = new Browser(relay);
    await browser.signIn();
    await makeOperator(relay);
    advance(86_400_001);
    const refused = await browser.go("/dashboard?since=7d");
    const page = await refused.text();
    expect(refused.status).toBe(502);
    expect(page).toContain('href="/login/github?next=%2Fdashboard%3Fsince%3D7d"');
    const response = await browser.post("/logout", { form_token: formToken(page) });
    expect([response.status, await sessions()]).toEqual([303, []]);
  });
});

describe("a page that needs a session", () => {
  test.each(["/dashboard?since=7d", "/dashboard/actions/cache.purge?pool=maintainers&route=pr_view"])(
    "%s leads to the sign-in and back",
    async (path) => {
      const browser = new Browser(await signInRelay());
      const response = await browser.go(path);
      expect([response.status, response.headers.get("location")]).toEqual([
        302,
        `/login/github?next=${encodeURIComponent(path)}`,
      ]);
    },
  );

  test("may be led to GitHub from a form, as browsers hold against its policy", async () => {
    const browser = new Browser(await signInRelay());
    const policy = (await browser.go("/")).headers.get("content-security-policy");
    expect(policy).toContain("form-action 'self' https://github.com");
  });

  test("says so to a form whose session has ended, and offers to sign in", async () => {
    const response = await new Browser(await signInRelay()).post("/dashboard/actions/cache.purge", { pool: "a" });
    expect([response.status, await response.text()]).toEqual([
      401,
      expect.stringContaining('href="/login/github?next=%2Fdashboard"'),
    ]);
  });
});

describe("sessions of one caller", () => {
  test("are sixteen at most: the oldest makes room", async () => {
    const relay = await signInRelay();
    const browsers = Array.from({ length: 17 }, () => new Browser(relay));
    for (const browser of browsers) {
      advance(1000);
      await browser.signIn();
    }
    await makeOperator(relay);
    expect(await sessions()).toHaveLength(16);
    expect((await browsers[0]?.go("/v1/me"))?.status).toBe(401);
    expect((await browsers[16]?.go("/v1/me"))?.status).toBe(200);
  });

  test("end when the dashboard is withdrawn, so that granting it again revives none", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    await browser.signIn();
    const id = await makeOperator(relay);
    await relay.admin(`/callers/${id}`, "PATCH", { dashboard_role: null });
    expect(await sessions()).toEqual([]);
  });
});

test("sign-ins and sign-outs are in the audit trail", async () => {
  const relay = await signInRelay();
  const browser = new Browser(relay);
  await browser.signIn();
  const id = await makeOperator(relay);
  const page = await (await browser.go("/dashboard")).text();
  await browser.post("/logout", { form_token: /name="form_token" value="([\w-]+)"/.exec(page)?.[1] ?? "" });
  const { body } = await relay.admin("/audit");
  const { events } = body as { events: { action: string; caller: string }[] };
  expect(events.filter(({ caller }) => caller === id).map(({ action }) => action)).toEqual(
    expect.arrayContaining(["web.login", "web.logout"]),
  );
});

describe("signing out", () => {
  test("ends the session, by a form of our own only", async () => {
    const relay = await signInRelay();
    const browser = new Browser(relay);
    await browser.signIn();
    await makeOperator(relay);
    const page = await (await browser.go("/dashboard")).text();
    const formToken = /name="form_token" value="([\w-]+)"/.exec(page)?.[1] ?? "";
    expect(await errorCode(await browser.post("/logout", {}))).toBe("csrf_denied");
    const foreign = await browser.post("/logout", { form_token: formToken }, { origin: "https://evil.test" });
    expect(await errorCode(foreign)).toBe("csrf_denied");
    expect(await sessions()).toHaveLength(1);
    const old = browser.cookies.get("octopool_session");
    const response = await browser.post("/logout", { form_token: formToken }, { origin: "https://relay.test" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(browser.cookies.size).toBe(0);
    if (old) browser.cookies.set("octopool_session", old);
    expect((await browser.go("/v1/me")).status).toBe(401);
  });
});

test("GET /login/github never carries the OAuth secret", async () => {
  const { authorize } = await new Browser(await signInRelay()).begin();
  expect(authorize.href).not.toContain(oauthVars.GITHUB_OAUTH_CLIENT_SECRET);
});
