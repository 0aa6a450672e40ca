/** Trouble with one identity, one token or one route is not taken for trouble with the pool. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newAppKey } from "../../support/app-key.ts";
import { json } from "../../support/github.ts";
import { advance, TestRelay } from "../../support/relay.ts";

const repo = "/repos/acme/widgets";
const issue = (number: number) => `${repo}/issues/${number}`;
const minute = 60_000;
const key = "/app/installations/77/access_tokens";

let relay: TestRelay;

describe("a GitHub App", () => {
  let pkcs8 = "";
  beforeAll(async () => {
    ({ pkcs8 } = await newAppKey());
  });
  beforeEach(async () => {
    relay = await TestRelay.create({ APP_KEY: pkcs8, OCTOPOOL_GITHUB_APP_ID: "7" });
    relay.github.public("acme/widgets").otherwise(({ url, token }) => {
      const number = /issues\/(\d+)$/.exec(url.pathname)?.[1];
      return number && token !== "ghs_bad" ? json({ number: Number(number), state: "open" }) : undefined;
    });
    await relay.identity({ id: "app", kind: "github_app", login: "app", secret_ref: "APP_KEY", installation_id: 77 });
    await relay.admin("/pools/maintainers/identities/pat_one", "DELETE");
  });

  const granted = (token: string) =>
    json({ token, expires_at: new Date(Date.now() + 60 * minute).toISOString() }, { status: 201 });

  test("with a new token that is refused once is asked again a moment later", async () => {
    let refusals = 1;
    relay.github.on(key, () => granted("ghs_1"));
    relay.github.on(repo, () =>
      refusals-- > 0
        ? json({ message: "Bad credentials" }, { status: 401 })
        : json({ id: 1, full_name: "acme/widgets", html_url: "x", private: false }),
    );
    expect((await relay.read(issue(1))).status).toBe(200);
    expect((await relay.read(issue(2))).status).toBe(200);
    expect(relay.github.count(key)).toBe(1);
  });

  test("with an older token that is refused gets a new one, once", async () => {
    const tokens = ["ghs_1", "ghs_2", "ghs_3"];
    relay.github.on(key, () => granted(tokens.shift() ?? "ghs_4"));
    await relay.read(issue(1));
    advance(5 * minute);
    relay.github.on(issue(2), ({ token }) =>
      token === "ghs_1" ? json({ message: "Bad credentials" }, { status: 401 }) : json({ number: 2, state: "open" }),
    );
    expect((await relay.read(issue(2))).status).toBe(200);
    expect(relay.github.count(key)).toBe(2);
  });

  test("that is refused for good is asked twice, then cools", async () => {
    relay.github.on(key, () => granted("ghs_1"));
    relay.github.on(repo, () => json({ message: "Bad credentials" }, { status: 401 }));
    expect(await relay.refusal(issue(1))).toBe("424 fallback_local github_identity_unauthorized");
    expect(await relay.refusal(issue(2))).toBe("424 fallback_local identities_cooling_down");
    expect(relay.github.count(repo)).toBe(2);
  });

  test.each([
    ["limited", () => json({ message: "slow down" }, { status: 429, headers: { "retry-after": "30" } })],
    ["out of order", () => new Response("<html>", { status: 200, headers: { "content-type": "text/html" } })],
    ["down", () => json({ message: "oops" }, { status: 503 })],
  ])("with a token endpoint that is %s leaves the read to another identity", async (_what, answer) => {
    relay.github.on(key, answer);
    await relay.identity({ id: "pat_two", login: "bot-two", weight: 0.01 });
    expect(await relay.read(issue(1))).toMatchObject({ status: 200, identity: { id: "pat_two" } });
  });

  test("with a token endpoint that is limited waits as long as GitHub says, and is not called misconfigured", async () => {
    relay.github.on(key, () => json({ message: "slow down" }, { status: 429, headers: { "retry-after": "30" } }));
    expect(await relay.refusal(issue(1))).toBe("424 fallback_local github_rate_limited");
    relay.github.on(key, () => granted("ghs_1"));
    advance(31_000);
    expect((await relay.read(issue(2))).status).toBe(200);
  });
});

describe("proofs", () => {
  beforeEach(async () => {
    relay = await TestRelay.create();
    await relay.identity({ id: "pat_two", login: "bot-two" });
    await relay.identity({ id: "pat_three", login: "bot-three" });
    relay.github.otherwise(({ url }) =>
      url.pathname.startsWith(repo) ? json({ number: 1, state: "open" }) : undefined,
    );
  });

  const calls = () => relay.github.calls.filter(({ url }) => url.pathname === repo);

  test("that GitHub forbids each identity are asked for once each, before any live reads", async () => {
    relay.github.on(repo, ({ token }) =>
      token === null
        ? json({ id: 1, full_name: "acme/widgets", html_url: "x", private: false })
        : json({ message: "Resource protected by organization SAML enforcement" }, { status: 403 }),
    );
    for (let times = 0; times < 4; times++) {
      await relay.refusal(issue(1), { headers: { "cache-control": "max-age=0" } });
    }
    const withToken = calls().filter(({ token }) => token !== null);
    expect(withToken).toHaveLength(3);
  });

  test("that GitHub forbids each identity are a stranger's for a while", async () => {
    relay.github.public("acme/widgets");
    for (const number of [1, 2]) await relay.read(issue(number));
    const before = calls().length;
    relay.github.on(repo, ({ token }) =>
      token === null
        ? json({ id: 1, full_name: "acme/widgets", html_url: "x", private: false })
        : json({ message: "Resource protected by organization SAML enforcement" }, { status: 403 }),
    );
    for (const number of [1, 2]) {
      advance(minute + 1000);
      expect(await relay.read(issue(number))).toMatchObject({ status: 200, relay: { cache: "hit" } });
    }
    const asked = calls().slice(before);
    expect(asked.filter(({ token }) => token !== null)).toHaveLength(3);
    expect(asked.filter(({ token }) => token === null)).toHaveLength(2);
  });

  test("are not bought for a read that they could not help", async () => {
    relay.github.public("acme/widgets");
    await relay.read(issue(1));
    const before = calls().length;
    const limited = () => json({ message: "slow" }, { status: 429, headers: { "retry-after": "600" } });
    relay.github.otherwise(limited);
    relay.github.on(repo, ({ token }) =>
      token === null ? json({ id: 1, full_name: "acme/widgets", html_url: "x", private: false }) : limited(),
    );
    for (let times = 0; times < 4; times++) {
      advance(2 * minute);
      await relay.refusal(issue(1), { headers: { "cache-control": "max-age=0" } });
    }
    expect(
      calls()
        .slice(before)
        .filter(({ token }) => token === null),
    ).toEqual([]);
  });
});
