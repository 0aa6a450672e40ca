/** A thousand machines listen to one object, which sleeps meanwhile. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { EventStore } from "../../../relay-worker/marks/store.ts";
import { deliver, Ear, eventRelay, eventsStub, pullEvent } from "./support.ts";

const machines = 1_024;
const ofEachCaller = 64;

test("a thousand idle machines keep their sockets while the object sleeps, have their pings answered without waking it, and hear the next event", async () => {
  const relay = await eventRelay();
  await relay.read("/repos/acme/widgets");
  const ears: Ear[] = [];
  for (let caller = 0; caller < machines / ofEachCaller; caller += 1) {
    const { token } = await relay.caller(`mona-${caller}`);
    for (let each = 0; each < ofEachCaller; each += 1) ears.push(await Ear.open(relay, token));
  }
  for (const ear of ears) await ear.watch(["acme/widgets"]);
  // Each time the object wakes it looks into its store.
  const woken = vi.spyOn(EventStore.prototype, "meta");
  await evictDurableObject(eventsStub());
  for (const ear of ears) ear.socket.send("ping");
  for (const ear of ears) expect(await ear.next()).toBe("pong");
  expect(woken).not.toHaveBeenCalled();
  await deliver(relay, "pull_request", pullEvent(7));
  for (const ear of ears)
    expect(await ear.next()).toMatchObject({
      t: "marks",
      marks: [["acme/widgets", expect.arrayContaining(["pull:7"]), expect.any(Number)]],
    });
  expect(woken).toHaveBeenCalled();
  expect(await runInDurableObject(eventsStub(), (_object, state) => state.getWebSockets().length)).toBe(machines);
}, 120_000);
