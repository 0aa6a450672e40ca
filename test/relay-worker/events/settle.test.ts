/** GitHub's API lags behind its own events: an answer that does not show them yet is given, and not trusted. */
import { expect, test } from "vitest";
import { json } from "../support/github.ts";
import { advance } from "../support/relay.ts";
import { deliver, eventRelay, repository } from "./support.ts";

const path = "/repos/acme/widgets/pulls/7";
const early = "2026-03-01T11:00:00Z";
const late = "2026-03-01T12:00:05Z";
const pull = (state: string, updated_at: string) => ({
  number: 7,
  state,
  updated_at,
  head: { sha: "a" },
  merged: false,
});

/** A replica that shows an earlier state until the test lets it catch up. */
async function lagging() {
  const relay = await eventRelay();
  let shown = pull("open", early);
  const tags: string[] = [];
  relay.github.on(path, ({ headers }) => {
    const etag = `"${shown.updated_at}"`;
    tags.push(headers.get("if-none-match") ?? "");
    if (headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers: { etag } });
    return json(shown, { headers: { etag } });
  });
  await relay.read(path);
  advance(5_000);
  const closed = pull("closed", late);
  await deliver(relay, "pull_request", { action: "closed", repository, pull_request: closed });
  advance(1);
  const mark = Date.now();
  const ask = async () => {
    const { body, relay: told } = await relay.read(path, { notBefore: mark });
    return { state: (body as { state: string }).state, cache: told.cache, unsettled: told.unsettled === true };
  };
  const catchUp = () => {
    shown = closed;
  };
  return { relay, ask, tags, catchUp };
}

test("an answer that does not show the event is given, labelled, without a validator, and asked for again with growing pauses", async () => {
  const { relay, ask } = await lagging();
  const asked: number[] = [];
  const seen = new Set<string>();
  for (let second = 0; second < 125; second += 1) {
    const before = relay.github.count(path);
    const answer = await ask();
    if (relay.github.count(path) > before) asked.push(second);
    if (second < 120) seen.add(`${answer.state} ${answer.unsettled}`);
    advance(1_000);
  }
  expect([...seen]).toEqual(["open true"]);
  expect(asked).toEqual([0, 1, 2, 4, 8, 15, 30, 60, 120]);
  // Then GitHub's word is taken as it is.
  expect(await ask()).toMatchObject({ state: "open", unsettled: false });
});

test("a 304 that confirms an answer without the event is asked once more without a validator", async () => {
  const { ask, tags } = await lagging();
  await ask();
  expect(tags.slice(1)).toEqual([`"${early}"`, ""]);
});

test("once the replica has caught up the answer is as any other", async () => {
  const { relay, ask, catchUp } = await lagging();
  expect(await ask()).toEqual({ state: "open", cache: "miss", unsettled: true });
  catchUp();
  advance(1_000);
  expect(await ask()).toMatchObject({ state: "closed", unsettled: false });
  advance(60_000);
  expect(await ask()).toMatchObject({ state: "closed", cache: "hit" });
  expect(relay.github.count(path)).toBe(4);
});

test("another isolate, which reads it from D1, knows that it is not settled", async () => {
  const { relay, ask } = await lagging();
  await ask();
  const { relay: told } = await relay.sibling().read(path, { notBefore: Date.now() });
  expect(told).toMatchObject({ cache: "hit", unsettled: true });
});

test("a late event about a change that an answer shows already changes nothing", async () => {
  const { relay, ask, catchUp } = await lagging();
  catchUp();
  await ask();
  advance(1_000);
  await deliver(relay, "pull_request", { action: "edited", repository, pull_request: pull("open", early) });
  advance(1);
  const { relay: told } = await relay.read(path, { notBefore: Date.now() });
  expect(told.unsettled).toBeUndefined();
});

test("a relay without events asks no object for them", async () => {
  const { relay } = await lagging();
  const quiet = relay.sibling({ OCTOPOOL_WEBHOOK_SECRET: "", EVENTS: { get: () => expect.unreachable() } });
  advance(600_000);
  expect((await quiet.read(path)).status).toBe(200);
});
