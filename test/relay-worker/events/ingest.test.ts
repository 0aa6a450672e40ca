/** The relay's handling of GitHub's deliveries. */
import { describe, expect, test } from "vitest";
import { isSigned } from "../../../relay-worker/events/signature.ts";
import { RelayMemory } from "../../../relay-worker/memory.ts";
import { countingBindings } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";
import { deliver, eventRelay, eventsStub, pullEvent, repository, secret } from "./support.ts";

const recent = () => eventsStub().recent("acme/widgets", 0);

describe("the signature", () => {
  test("is the one of GitHub's own example", async () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const body = Uint8Array.from(new TextEncoder().encode("Hello, World!"));
    expect(await isSigned(new RelayMemory(), { signature, body, secrets: [secret] })).toBe(true);
    expect(await isSigned(new RelayMemory(), { signature, body, secrets: ["another"] })).toBe(false);
    expect(await isSigned(new RelayMemory(), { signature: signature.slice(0, -2), body, secrets: [secret] })).toBe(
      false,
    );
  });

  test("by the secret before this one counts while both are set", async () => {
    const relay = await eventRelay({ OCTOPOOL_WEBHOOK_SECRET_PREVIOUS: "old" });
    expect((await deliver(relay, "pull_request", pullEvent(7), { secret: "old" })).status).toBe(204);
    expect((await deliver(relay, "pull_request", pullEvent(7))).status).toBe(204);
  });

  test.each([
    ["of another secret", { secret: "another" }, 401],
    ["that is missing", { headers: { "x-hub-signature-256": "" } }, 401],
    ["without the event's name", { headers: { "x-github-event": "" } }, 401],
    ["of a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
  ])("a delivery with one %s is refused, and nothing is kept of it", async (_which, options, status) => {
    const relay = await eventRelay();
    expect((await deliver(relay, "pull_request", pullEvent(7), options)).status).toBe(status);
    expect(await recent()).toEqual([]);
  });

  test("a relay without a secret takes no deliveries, and names the missing secret", async () => {
    const relay = await TestRelay.create();
    const response = await deliver(relay, "pull_request", pullEvent(7));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "hooks_unconfigured" } });
  });

  test("a body that is no event is refused although it is signed", async () => {
    const relay = await eventRelay();
    expect((await deliver(relay, "pull_request", "text")).status).toBe(400);
  });
});

test("an event costs one call of its object, no statement of D1, and never asks GitHub", async () => {
  const { counts, vars } = countingBindings();
  const relay = await eventRelay(vars);
  counts.d1 = 0;
  expect((await deliver(relay, "pull_request", pullEvent(7))).status).toBe(204);
  expect(counts).toEqual({ d1: 0, do: [] });
  expect(relay.github.calls).toEqual([]);
  expect((await recent()).map(({ tags }) => tags.includes("pull:7"))).toEqual([true]);
});

test("a delivery that comes twice is one mark", async () => {
  const relay = await eventRelay();
  await deliver(relay, "pull_request", pullEvent(7), { guid: "twice" });
  await deliver(relay, "pull_request", pullEvent(7), { guid: "twice" });
  expect(await recent()).toHaveLength(1);
});

test("an event that the object cannot keep is refused, so that GitHub counts it as failed", async () => {
  const broken = { idFromName: () => "events", get: () => ({ take: () => Promise.reject(new Error("down")) }) };
  const relay = await eventRelay({ EVENTS: broken });
  expect((await deliver(relay, "pull_request", pullEvent(7))).status).toBe(503);
});

test("of a private repository nothing is kept", async () => {
  const relay = await eventRelay();
  const hidden = { ...repository, private: true };
  expect((await deliver(relay, "pull_request", { ...pullEvent(7), repository: hidden })).status).toBe(204);
  expect(await recent()).toEqual([]);
});

test("marks are forgotten after a quarter of an hour", async () => {
  const relay = await eventRelay();
  await deliver(relay, "pull_request", pullEvent(7));
  advance(16 * 60_000);
  await deliver(relay, "pull_request", pullEvent(8));
  expect((await recent()).map(({ tags }) => tags[0])).toEqual(["pull:8"]);
});

test("very many marks of one repository become one of everything", async () => {
  const relay = await eventRelay();
  for (let number = 1; number <= 230; number += 1) await deliver(relay, "pull_request", pullEvent(number));
  const marks = await recent();
  // Each of the first 200, everything at once, and everything once more when that second is over, if it is by now.
  expect([201, 202]).toContain(marks.length);
  advance(1_001);
  await deliver(relay, "pull_request", pullEvent(300));
  expect((await recent()).at(-1)?.tags).toEqual(["*"]);
});

describe("events that the guard must know", () => {
  const path = "/repos/acme/widgets/pulls/7";

  async function served() {
    const relay = await eventRelay();
    relay.github.on(path, () => json({ number: 7, state: "open" }));
    await relay.read(path);
    expect((await relay.read(path)).relay.cache).toBe("hit");
    return relay;
  }

  test.each([
    ["privatized", {}, "repo_not_public"],
    ["deleted", {}, "repo_not_public"],
    [
      "renamed",
      {
        repository: { ...repository, full_name: "acme/gadgets" },
        changes: { repository: { name: { from: "widgets" } } },
      },
      "repo_moved",
    ],
  ])(
    "a repository that is %s is denied at once, though the proof of its publicity has not expired",
    async (action, more, reason) => {
      const relay = await served();
      await deliver(relay, "pull_request", pullEvent(7));
      const hidden = { ...repository, private: action === "privatized" };
      expect((await deliver(relay, "repository", { repository: hidden, action, ...more })).status).toBe(204);
      expect(await relay.refusal(path)).toBe(`424 fallback_local ${reason}`);
      expect(await relay.sibling().refusal(path)).toBe(`424 fallback_local ${reason}`);
      expect((await recent()).flatMap(({ tags }) => tags)).not.toContain("pull:7");
    },
  );

  test("one that becomes public is not taken for public on an event's word, but asked about again", async () => {
    const relay = await served();
    await deliver(relay, "repository", { repository: { ...repository, private: true }, action: "privatized" });
    relay.github.on("/repos/acme/widgets", () => json({ message: "Not Found" }, { status: 404 }));
    await deliver(relay, "repository", { repository, action: "publicized" });
    expect(await relay.refusal(path)).toBe("424 fallback_local repo_not_public");
    await deliver(relay, "public", { repository });
    relay.github.public("acme/widgets");
    expect((await relay.read(path)).status).toBe(200);
  });
});

test("an event of no repository, and one that nothing depends on, are taken and change nothing", async () => {
  const relay = await eventRelay();
  expect((await deliver(relay, "ping", { zen: "x", hook_id: 1 })).status).toBe(204);
  expect((await deliver(relay, "deploy_key", { action: "created", repository })).status).toBe(204);
  expect((await deliver(relay, "never_heard_of", { repository })).status).toBe(204);
  expect(await recent()).toEqual([]);
  expect((await eventsStub().snapshot()).health.lastDeliveryAt).toBeGreaterThan(0);
});
