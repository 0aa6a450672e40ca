/** A read that must be newer than a moment: a newer shared entry answers it, an older one does not. */
import { expect, test } from "vitest";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";

async function setUp() {
  const relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
  return relay;
}

test("an entry that GitHub confirmed before that moment is asked for again, once for all its readers", async () => {
  const relay = await setUp();
  await relay.read(path);
  advance(1_000);
  const mark = Date.now();
  expect((await relay.read(path)).relay.cache).toBe("hit");
  expect((await relay.read(path, { notBefore: mark })).relay.cache).not.toBe("hit");
  expect((await relay.read(path, { notBefore: mark })).relay.cache).toBe("hit");
  expect((await relay.sibling().read(path, { notBefore: mark })).relay.cache).toBe("hit");
  expect(relay.github.count(path)).toBe(2);
});

test("readers who want the same moment at once share one request", async () => {
  const relay = await setUp();
  await relay.read(path);
  advance(1_000);
  const notBefore = Date.now();
  await Promise.all(Array.from({ length: 8 }, () => relay.sibling().read(path, { notBefore })));
  expect(relay.github.count(path)).toBe(2);
});

test("a moment that is yet to come stands for now, and does not make every later answer too old", async () => {
  const relay = await setUp();
  await relay.read(path);
  advance(1_000);
  const notBefore = Date.now() + 3_600_000;
  expect((await relay.read(path, { notBefore })).relay.cache).not.toBe("hit");
  expect((await relay.read(path, { notBefore })).relay.cache).toBe("hit");
});

test("an outage is not bridged with an answer older than that moment", async () => {
  const relay = await setUp();
  await relay.read(path);
  advance(1_000);
  relay.github.on(path, () => json({ message: "down" }, { status: 502 }));
  const notBefore = Date.now();
  expect((await relay.read(path, { notBefore })).status).toBe(502);
});
