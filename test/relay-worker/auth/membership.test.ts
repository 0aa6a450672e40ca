/** Membership that is due to be checked again, while D1 cannot write the result. */
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const members = "/orgs/acme/members";
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github
    .public("acme/widgets")
    .on(path, () => json({ number: 7, state: "open" }))
    .on(members, () => json([{ id: 1, login: "mona" }]));
  advance(86_400_000);
});

/** Reads, and refuses to write. */
const brokenDatabase = new Proxy(env.DB, {
  get(target, name) {
    if (name === "batch") return () => Promise.reject(new Error("D1_ERROR: disk full"));
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === "function" ? value.bind(target) : value;
  },
});

test("a read falls back, and the next ones do not walk through the organisation again", async () => {
  const broken = relay.sibling({ DB: brokenDatabase });
  for (let times = 0; times < 3; times += 1) {
    expect(await broken.refusal(path)).toBe("424 fallback_local relay_storage_unavailable");
  }
  expect(relay.github.count(members)).toBe(1);
  advance(10_000);
  expect((await broken.sibling({ DB: env.DB }).read(path)).status).toBe(200);
});

test("elsewhere it is the relay's trouble", async () => {
  const headers = { authorization: `Bearer ${relay.token}` };
  const { status, body } = await relay.sibling({ DB: brokenDatabase }).ask("/v1/pools/maintainers/health", { headers });
  expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: "relay_overloaded" } } });
});
