/** Machines that listen: over real sockets, through the object's sleep. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { advance, TestRelay } from "../support/relay.ts";
import { deliver, Ear, eventRelay, eventsStub, pullEvent, repository } from "./support.ts";

const repo = "acme/widgets";

/** A relay that has read of the repository, as a machine that listens has had it read. */
async function listening(vars: Record<string, unknown> = {}) {
  const relay = await eventRelay(vars);
  await relay.read(`/repos/${repo}`);
  return relay;
}

test("a machine hears of changes in the repositories it names", async () => {
  const relay = await listening();
  const ear = await Ear.open(relay);
  expect(await ear.watch([repo])).toMatchObject({ marks: [], covered: [] });
  await deliver(relay, "pull_request", pullEvent(7));
  const said = await ear.next();
  expect(said).toMatchObject({
    t: "marks",
    marks: [[repo, expect.arrayContaining(["pull:7", "pulls"]), Date.now() + 1]],
  });
  expect((await ear.watch([repo])).covered).toEqual([repo]);
});

test("marks that arrive together are told together, and only to machines that asked for the repository", async () => {
  const relay = await listening();
  relay.github.public("acme/other");
  await relay.read("/repos/acme/other");
  const [ear, other] = [await Ear.open(relay), await Ear.open(relay)];
  await ear.watch([repo]);
  await other.watch(["acme/other"]);
  await deliver(relay, "pull_request", pullEvent(7));
  await deliver(relay, "pull_request", { ...pullEvent(1), repository: { ...repository, full_name: "acme/other" } });
  expect(await ear.next()).toMatchObject({ marks: [[repo, expect.anything(), expect.anything()]] });
  expect(await other.next()).toMatchObject({ marks: [["acme/other", expect.anything(), expect.anything()]] });
});

test("a new machine is told of the changes of the last quarter of an hour", async () => {
  const relay = await listening();
  await deliver(relay, "pull_request", pullEvent(7));
  const state = await (await Ear.open(relay)).watch([repo]);
  expect(state.marks).toMatchObject([[repo, expect.arrayContaining(["pull:7"]), Date.now() + 1]]);
  expect(state.reset).toBeUndefined();
});

describe("a machine that comes back", () => {
  test("is told of the missed marks", async () => {
    const relay = await listening();
    const { epoch, seq } = await (await Ear.open(relay)).watch([repo]);
    await deliver(relay, "pull_request", pullEvent(7));
    const state = await (await Ear.open(relay)).watch([repo], { epoch, since: seq });
    expect(state.marks).toHaveLength(1);
    expect(state.reset).toBeUndefined();
  });

  test("after marks were forgotten, or to another store, begins anew", async () => {
    const relay = await listening();
    const { epoch, seq } = await (await Ear.open(relay)).watch([repo]);
    await deliver(relay, "pull_request", pullEvent(7));
    advance(16 * 60_000);
    await relay.read(`/repos/${repo}`);
    await deliver(relay, "pull_request", pullEvent(8));
    expect((await (await Ear.open(relay)).watch([repo], { epoch, since: seq })).reset).toBe(true);
    expect((await (await Ear.open(relay)).watch([repo], { epoch: "another", since: seq })).reset).toBe(true);
  });
});

test("sockets outlive the object's sleep, and are still told", async () => {
  const relay = await listening();
  const ear = await Ear.open(relay);
  await ear.watch([repo]);
  await evictDurableObject(eventsStub());
  await deliver(relay, "pull_request", pullEvent(7));
  expect(await ear.next()).toMatchObject({ marks: [[repo, expect.arrayContaining(["pull:7"]), Date.now() + 1]] });
});

test("a ping is answered", async () => {
  const ear = await Ear.open(await listening());
  ear.socket.send("ping");
  expect(await ear.next()).toBe("pong");
});

describe("nothing is told", () => {
  test("of a repository without a proof that it is public", async () => {
    const relay = await eventRelay();
    await deliver(relay, "pull_request", pullEvent(7));
    const state = await (await Ear.open(relay)).watch([repo]);
    expect(state).toMatchObject({ marks: [], covered: [] });
  });

  test("of a repository that is not public any more", async () => {
    const relay = await listening();
    await deliver(relay, "pull_request", pullEvent(7));
    await deliver(relay, "repository", { action: "privatized", repository: { ...repository, private: true } });
    expect(await (await Ear.open(relay)).watch([repo])).toMatchObject({ marks: [], covered: [] });
  });

  test("of an owner that the pool's policy does not allow", async () => {
    const relay = await listening();
    await deliver(relay, "pull_request", pullEvent(7));
    await relay.admin("/pools/maintainers/policy", "PATCH", {
      allow_public_repos: false,
      allowed_owners: ["umbrella"],
    });
    const isolate = relay.sibling();
    expect(await (await Ear.open(isolate)).watch([repo])).toMatchObject({ marks: [], covered: [] });
  });

  test.each([
    ["without a token", "", 401],
    ["with another's pool", "op_nobody", 401],
  ])("to a caller %s", async (_which, token, status) => {
    const relay = await listening();
    expect((await Ear.ask(relay, token)).status).toBe(status);
  });
});

test("a relay that takes no events says that there is no such path", async () => {
  const relay = await TestRelay.create();
  expect((await Ear.ask(relay, relay.token)).status).toBe(404);
});

test("a client cannot name itself another to the object", async () => {
  const relay = await listening();
  const headers = {
    upgrade: "websocket",
    authorization: `Bearer ${relay.token}`,
    "x-octopool-listener": JSON.stringify({ callerId: "root", owners: null }),
  };
  const { webSocket } = await relay.fetch("/v1/events?pool=maintainers", { headers });
  if (!webSocket) throw new Error("no socket");
  const callers = await runInDurableObject(eventsStub(), (_object, state) => state.getWebSockets("root").length);
  expect(callers).toBe(0);
});

test.each(["{}", "nonsense", JSON.stringify({ t: "watch", repos: ["not a name"] }), `"${"x".repeat(40_000)}"`])(
  "a message that is not understood ends the connection",
  async (message) => {
    const ear = await Ear.open(await listening());
    ear.socket.send(message);
    expect(await ear.next()).toBe("closed 1008");
  },
);

test("one caller has no more than 64 connections", async () => {
  const relay = await listening();
  for (let index = 0; index < 64; index += 1) await Ear.open(relay);
  expect((await Ear.ask(relay, relay.token)).status).toBe(429);
});

test("a machine that holds answers of a repository that is made private hears that they must be asked for again, and no more", async () => {
  const relay = await listening();
  const ear = await Ear.open(relay);
  await ear.watch([repo]);
  await deliver(relay, "repository", { action: "privatized", repository: { ...repository, private: true } });
  expect(await ear.next()).toMatchObject({ marks: [[repo, ["*"], Date.now()]] });
});

test("how late events are is told with them", async () => {
  const relay = await listening();
  const ear = await Ear.open(relay);
  await ear.watch([repo]);
  const updated_at = new Date(Date.now() - 90_000).toISOString();
  const pull_request = { number: 7, updated_at, state: "closed", head: { sha: "a" } };
  await deliver(relay, "pull_request", { ...pullEvent(7), pull_request });
  expect(await ear.next()).toMatchObject({
    lanes: { pulls: { delayMs: 90_000, sampledAt: Date.now(), lateUntil: Date.now() + 600_000 } },
  });
});
