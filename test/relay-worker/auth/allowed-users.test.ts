/** `ALLOWED_GITHUB_USERS`: accounts beside the organisation, or without one. */
import { beforeEach, describe, expect, test } from "vitest";
import { loginResponseSchema } from "../../../shared/discovery.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const day = 86_400_000;
let relay: TestRelay;

const world = async (vars: Record<string, string>) => {
  relay = await TestRelay.create({ ALLOWED_GITHUB_ORG: "", OCTOPOOL_GITHUB_ORG_TOKEN: "", ...vars });
  relay.github
    .public("acme/widgets")
    .on(path, () => json({ number: 7, state: "open" }))
    .on("/user", () => json({ id: 583231, login: "octocat" }))
    .on("/user/orgs", () => json([]));
};

const login = (of = relay) =>
  of.ask("/v1/login/github-cli", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ github_token: "gho_octo", client_name: "laptop" }),
  });
const token = async () => loginResponseSchema.parse((await login()).body).token;
const errorOf = ({ status, body }: { status: number; body: unknown }) => `${status} ${JSON.stringify(body)}`;

describe("a relay without an organisation", () => {
  beforeEach(() => world({ ALLOWED_GITHUB_USERS: "mona:1, octocat:583231" }));

  test("admits a listed account, and asks GitHub for no organisation", async () => {
    expect((await relay.read(path, { token: await token() })).status).toBe(200);
    expect(relay.github.count("/user/orgs")).toBe(0);
  });

  test("takes the id for the account: another one of the login stays out, a renamed one stays in", async () => {
    relay.github.on("/user", () => json({ id: 999, login: "octocat" }));
    expect(errorOf(await login())).toMatch(/^403 .*org_member_denied.*octocat:999/);
    relay.github.on("/user", () => json({ id: 583231, login: "octo-renamed" }));
    expect((await login()).status).toBe(201);
  });

  test("renews the proof day after day without a token of its own and without asking GitHub", async () => {
    const mine = await token();
    const before = relay.github.calls.length;
    for (let days = 0; days < 3; days += 1) {
      advance(day);
      const headers = { authorization: `Bearer ${mine}` };
      expect((await relay.sibling().ask("/v1/pools/maintainers/health", { headers })).status).toBe(200);
    }
    expect(relay.github.calls.length).toBe(before);
  });

  test("locks an account out with the deployment that takes it off the list, not a day later", async () => {
    const mine = await token();
    const redeployed = relay.sibling({ ALLOWED_GITHUB_USERS: "mona:1" });
    expect(await redeployed.refusal(path, { token: mine })).toBe("403 org_member_denied");
    expect((await relay.sibling().read(path, { token: mine })).status).toBe(200);
  });

  test("keeps a caller whom an operator named, once the list has the account, and else not beyond a day", async () => {
    const { token: bot } = await relay.caller("mona", { name: "ci" });
    const { token: other } = await relay.caller("hubot", { name: "ci" });
    advance(day);
    expect((await relay.read(path, { token: bot })).status).toBe(200);
    expect(await relay.refusal(path, { token: other })).toBe("403 org_member_denied");
  });
});

describe("beside an organisation", () => {
  beforeEach(() =>
    world({ ALLOWED_GITHUB_ORG: "acme", ALLOWED_GITHUB_USERS: "octocat:583231", OCTOPOOL_GITHUB_ORG_TOKEN: "org" }),
  );

  test("members and listed accounts both may", async () => {
    expect((await login()).status).toBe(201);
    relay.github.on("/user", () => json({ id: 2, login: "hubot" }));
    expect((await login()).status).toBe(403);
    relay.github.on("/user/orgs", () => json([{ login: "acme" }]));
    expect((await login()).status).toBe(201);
  });

  test("an account that goes from the list to the organisation keeps its token", async () => {
    const mine = await token();
    relay.github.on("/orgs/acme/members", () => json([{ id: 583231, login: "octocat" }]));
    const redeployed = relay.sibling({ ALLOWED_GITHUB_USERS: "" });
    expect((await redeployed.read(path, { token: mine })).status).toBe(200);
    expect((await redeployed.sibling().read(path, { token: mine })).status).toBe(200);
    expect(relay.github.count("/orgs/acme/members")).toBe(1);
  });
});

test.each([
  ["octocat", "no id"],
  ["583231", "no login"],
  ["octocat:583231:1", "too many parts"],
  ["octocat:0583231", "no number as GitHub writes it"],
  ["octocat:5.8e5", "no whole number"],
  ["octo cat:583231", "no login of GitHub's"],
  ["octocat:-583231", "a negative number"],
])(
  "an entry that cannot be used (%s: %s) admits no account, is named in the refusal, and does not affect other entries",
  async (entry) => {
    await world({ ALLOWED_GITHUB_USERS: `${entry},mona:1` });
    expect(errorOf(await login())).toMatch(/^403 .*not of the form login:id/);
    relay.github.on("/user", () => json({ id: 1, login: "mona" }));
    expect((await login()).status).toBe(201);
  },
);

test.each([
  [{}, "Logging in is not possible yet"],
  [{ ALLOWED_GITHUB_ORG: "acme" }, "Members of acme may log in"],
  [{ ALLOWED_GITHUB_USERS: "octocat:583231" }, "Listed accounts may log in"],
  [{ ALLOWED_GITHUB_ORG: "acme", ALLOWED_GITHUB_USERS: "octocat:583231" }, "Members of acme and listed accounts may"],
])("the front page names the accounts that may log in: %j", async (vars, words) => {
  await world(vars);
  const page = await relay.ask("/", { headers: { accept: "text/html" } });
  expect(String(page.body)).toContain(words);
});
