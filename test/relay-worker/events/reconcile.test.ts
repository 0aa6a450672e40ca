/** Deliveries that failed are found in GitHub's list and sent again; without the list no family counts as heard. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { reconcileCron } from "../../../relay-worker/events/reconcile.ts";
import { Events } from "../../../relay-worker/web/dashboard/parts/events.tsx";
import type { Dashboard } from "../../../shared/dashboard.ts";
import { type Family, laneState, neededEvents } from "../../../shared/events/families.ts";
import { newAppKey } from "../support/app-key.ts";
import { json } from "../support/github.ts";
import { advance, type TestRelay } from "../support/relay.ts";
import { deliver, Ear, eventRelay, eventsStub, pullEvent, repository } from "./support.ts";

const repo = "acme/widgets";
const minute = 60_000;
let pem: string;
let relay: TestRelay;
/** GitHub's list, newest first. */
let list: Record<string, unknown>[];
let again: number[];
let subscribed: readonly string[];
let nextId = 1;

beforeAll(async () => {
  pem = (await newAppKey()).pkcs8;
});

beforeEach(async () => {
  relay = await eventRelay({ POOL_APP_KEY: pem });
  list = [];
  again = [];
  subscribed = neededEvents;
  relay.github.on("/app", () => json({ id: 4711, slug: "octopool", events: subscribed }));
  relay.github.on("/app/hook/deliveries", ({ url }) => {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const size = Number(url.searchParams.get("per_page"));
    const next = `<https://elsewhere.example/app/hook/deliveries?cursor=${from + size}>; rel="next"`;
    return json(list.slice(from, from + size), { headers: from + size < list.length ? { link: next } : {} });
  });
  relay.github.otherwise(({ url, method }) => {
    const id = /^\/app\/hook\/deliveries\/(\d+)\/attempts$/.exec(url.pathname)?.[1];
    if (id === undefined || method !== "POST") return undefined;
    again.push(Number(id));
    return json({}, { status: 202 });
  });
  await relay.read(`/repos/${repo}`);
});

const look = () => relay.scheduled(reconcileCron);
const health = async () => (await eventsStub().snapshot()).health;

function lists(guid: string, more: Record<string, unknown> = {}): number {
  const id = nextId++;
  list.unshift({
    id,
    guid,
    delivered_at: new Date().toISOString(),
    redelivery: false,
    status: "Invalid HTTP Response: 503",
    status_code: 503,
    event: "pull_request",
    action: "closed",
    repository_id: 77,
    throttled_at: null,
    ...more,
  });
  return id;
}

const ok = { status: "OK", status_code: 200 };
const known = { ...repository, id: 77 };
const event = (number: number) => ({ ...pullEvent(number), repository: known });
/** One event of the repository has come: it is covered, and its number is known. */
const cover = async () => {
  await deliver(relay, "pull_request", event(1), { guid: "first" });
  lists("first", ok);
};

async function stateOf(family: Family): Promise<string> {
  const { lanes, health, now } = await eventsStub().snapshot();
  return laneState({ family, lane: lanes[family], health }, now);
}

test("a delivery that failed marks everything of its repository, and is sent again once a look, three times at most", async () => {
  await cover();
  const ear = await Ear.open(relay);
  await ear.watch([repo]);
  advance(minute);
  const id = lists("lost");
  await look();
  const heard = [await ear.next(), await ear.next()];
  const everything = expect.arrayContaining([[repo, ["*"], expect.any(Number)]]);
  expect(heard).toContainEqual(expect.objectContaining({ t: "marks", marks: everything }));
  expect(heard).toContainEqual(
    expect.objectContaining({ t: "health", health: expect.objectContaining({ failed: 1, missing: 1, machines: 1 }) }),
  );
  for (let times = 0; times < 4; times += 1) {
    advance(5 * minute);
    await look();
  }
  expect(again).toEqual([id, id, id]);
});

test("a delivery that is sent again and arrives is no longer missing, and does not make its family late; a second copy does no harm", async () => {
  await cover();
  const updated_at = new Date().toISOString();
  lists("lost");
  await look();
  advance(4 * minute);
  const pull_request = { number: 7, updated_at, state: "closed", head: { sha: "a" } };
  const { seq } = await eventsStub().snapshot();
  for (let copy = 0; copy < 2; copy += 1) {
    await deliver(relay, "pull_request", { ...event(7), pull_request }, { guid: "lost" });
  }
  lists("lost", { ...ok, redelivery: true });
  expect((await eventsStub().snapshot()).seq).toBe(seq + 1);
  expect(await health()).toMatchObject({ failed: 1, missing: 0 });
  expect((await eventsStub().snapshot()).lanes.pulls?.lateUntil ?? 0).toBe(0);
  advance(5 * minute);
  await look();
  expect(again).toHaveLength(1);
});

test("an event that GitHub says went well and that never came counts as lost", async () => {
  await cover();
  lists("vanished", ok);
  await look();
  expect((await eventsStub().recent(repo, 0)).at(-1)?.tags).toEqual(["*"]);
});

test("a redelivery of an event that had been taken though GitHub saw a failure changes nothing", async () => {
  await cover();
  await deliver(relay, "pull_request", event(7), { guid: "answered-too-late" });
  lists("answered-too-late");
  const { seq } = await eventsStub().snapshot();
  await look();
  expect(again).toEqual([]);
  expect((await eventsStub().snapshot()).seq).toBe(seq);
});

test("a delivery that says that a repository is private goes first, and no look asks for more than twenty", async () => {
  await cover();
  for (let index = 0; index < 30; index += 1) lists(`lost-${index}`);
  const urgent = lists("privatized", { event: "repository", action: "privatized" });
  await look();
  expect(again).toHaveLength(20);
  expect(again).toContain(urgent);
});

test("a list is read by GitHub's cursor back to the last look, from where the settings say GitHub is, and no further", async () => {
  await cover();
  await look();
  const before = relay.github.count("/app/hook/deliveries");
  for (let index = 0; index < 250; index += 1) lists(`old-${index}`, { ...ok, event: "ping", repository_id: null });
  advance(10 * minute);
  lists("fresh", { ...ok, event: "ping", repository_id: null });
  await look();
  expect(relay.github.count("/app/hook/deliveries") - before).toBe(3);
  await look();
  expect(relay.github.count("/app/hook/deliveries") - before).toBe(4);
  expect(relay.github.calls.every(({ url }) => url.hostname !== "elsewhere.example")).toBe(true);
});

test("more deliveries than a look reads count as a change of everything", async () => {
  await cover();
  for (let index = 0; index < 3_100; index += 1) lists("first", ok);
  await look();
  expect(relay.github.count("/app/hook/deliveries")).toBe(30);
  expect((await eventsStub().recent(repo, 0)).at(-1)?.tags).toEqual(["*"]);
});

describe("a family counts as heard only", () => {
  const sampled = async () => {
    const pull_request = { number: 7, updated_at: new Date().toISOString(), state: "open", head: { sha: "a" } };
    await deliver(relay, "pull_request", { ...event(7), pull_request });
  };

  test("while the list was compared within ten minutes", async () => {
    await sampled();
    expect(await stateOf("pulls")).toBe("blind");
    list = [];
    await look();
    expect(await stateOf("pulls")).toBe("ok");
    advance(11 * minute);
    await sampled();
    expect(await stateOf("pulls")).toBe("blind");
  });

  test("while GitHub answers; machines are told that it does not", async () => {
    await sampled();
    await look();
    const ear = await Ear.open(relay);
    await ear.watch([repo]);
    relay.github.on("/app/hook/deliveries", () => json({}, { status: 502 }));
    await look();
    expect(await ear.next()).toMatchObject({ t: "health", health: { verifiedAt: 0 } });
    expect(await eventsStub().snapshot()).toMatchObject({ trouble: "github_unreachable" });
    expect(await stateOf("pulls")).toBe("blind");
  });

  test("while the App gets each of its events", async () => {
    await sampled();
    subscribed = neededEvents.filter((name) => name !== "pull_request_review");
    await look();
    expect([await stateOf("pulls"), (await health()).blind]).toEqual(["blind", ["pulls"]]);
  });

  test("while GitHub does not hold deliveries back", async () => {
    await sampled();
    lists("held", { ...ok, throttled_at: new Date().toISOString() });
    await look();
    expect(await stateOf("pulls")).toBe("late");
  });
});

test.each([
  ["no key", { POOL_APP_KEY: "" }, "no_app_key"],
  ["no App", { OCTOPOOL_GITHUB_APP_ID: "" }, "no_app_key"],
  ["a key that cannot be read", { POOL_APP_KEY: "nonsense" }, "no_app_key"],
])("a relay with %s says so", async (_which, vars, trouble) => {
  await relay.sibling(vars).scheduled(reconcileCron);
  expect(await eventsStub().snapshot()).toMatchObject({ trouble, health: { verifiedAt: 0 } });
});

test("the pool's health and the dashboard say how events are heard", async () => {
  await cover();
  lists("lost");
  await look();
  const headers = { authorization: `Bearer ${relay.token}` };
  const { body } = await relay.ask("/v1/pools/maintainers/health", { headers });
  expect(body).toMatchObject({
    events: {
      trouble: null,
      failed: 1,
      missing: 1,
      machines: 0,
      verified_at: new Date().toISOString(),
      families: expect.arrayContaining([expect.objectContaining({ family: "pulls", subscribed: true })]),
    },
  });
  const page = String(Events({ data: { health: body, now: new Date().toISOString() } as Dashboard }));
  expect(page).toContain("1 failed in a day, 1 never came");
  const quiet = relay.sibling({ OCTOPOOL_WEBHOOK_SECRET: "" });
  expect((await quiet.ask("/v1/pools/maintainers/health", { headers })).body).toMatchObject({ events: null });
});

test("a relay without a webhook asks GitHub nothing", async () => {
  const before = relay.github.calls.length;
  await relay.sibling({ OCTOPOOL_WEBHOOK_SECRET: "" }).scheduled(reconcileCron);
  expect(relay.github.calls).toHaveLength(before);
});

test.each([
  ["installation", { action: "deleted", installation: { account: { login: "Acme" } } }],
  ["installation_repositories", { action: "removed", repositories_removed: [{ full_name: "Acme/Widgets" }] }],
])("an App that is taken away (%s) covers the repository no more, and machines hear of it", async (name, payload) => {
  await cover();
  const ear = await Ear.open(relay);
  expect((await ear.watch([repo])).covered).toEqual([repo]);
  await deliver(relay, name, payload);
  expect(await ear.next()).toMatchObject({ t: "health", uncovered: [repo] });
  expect((await ear.watch([repo])).covered).toEqual([]);
});
