/** Many idle machines on the one object of events: the runtime lets it sleep, and what happens then reaches them all. */

import { WebSocket } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { touch } from "../../scripts/bench/push/ears.ts";
import { repositoryOf, worldOf } from "../../scripts/bench/push/world.ts";
import { appKeys, fillPool, startTeamRelay } from "../../scripts/bench/team/relay.ts";
import { addCaller } from "../../scripts/stack/pool.ts";
import { eventsPath, eventsProtocol, hooksPath } from "../../shared/events/names.ts";
import { startGitHub } from "../github-emulator/index.ts";

const secret = "secret-of-the-test";
const repository = "acme/r01";
/** As many as one caller may have. */
const socketsOfCaller = 64;
const people = Array.from({ length: 16 }, (_, at) => `p${String(at + 1).padStart(2, "0")}`);
/** The runtime lets an object sleep after ten seconds without work, and tells nobody. */
const asleepAfterMs = 12_000;

/** One machine's connection; what it hears, in order. */
class Machine {
  readonly #socket: WebSocket;
  readonly #heard: string[] = [];
  #wake = (): void => undefined;

  constructor(server: string, token: string) {
    const url = new URL(`${eventsPath}?pool=maintainers`, server);
    url.protocol = "ws:";
    this.#socket = new WebSocket(url, { protocols: [eventsProtocol], headers: { authorization: `Bearer ${token}` } });
    this.#socket.addEventListener("message", ({ data }) => this.#take(String(data)));
    this.#socket.addEventListener("close", ({ code }) => this.#take(`closed ${code}`));
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.addEventListener("open", () => resolve());
      this.#socket.addEventListener("error", ({ message }) => reject(new Error(message)));
    });
    return this;
  }

  async ask(text: string): Promise<string> {
    this.#socket.send(text);
    return this.next();
  }

  async next(): Promise<string> {
    for (;;) {
      const text = this.#heard.shift();
      if (text !== undefined) return text;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  close(): void {
    this.#socket.close();
  }

  #take(text: string): void {
    this.#heard.push(text);
    this.#wake();
  }
}

test("a thousand idle machines keep their sockets while the object sleeps; pings do not wake it, an event reaches all", async () => {
  const world = worldOf([repositoryOf(repository)], people);
  const github = await startGitHub({ world, port: 0, appKeys });
  onTestFinished(() => github.close());
  const relay = await startTeamRelay(github.url, { OCTOPOOL_WEBHOOK_SECRET: secret });
  onTestFinished(() => relay.close());
  const { server } = relay.operator;
  await fillPool(relay.operator);
  const tokens = await Promise.all(people.map((login) => addCaller(relay.operator, "maintainers", login, login)));
  // The relay tells of what is proven to be public: it has read of it.
  const read = await fetch(`${server}/v1/github/request`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens[0]}`, "content-type": "application/json" },
    body: JSON.stringify({ pool: "maintainers", method: "GET", path: `/repos/${repository}/issues/1` }),
  });
  expect(read.status).toBe(200);

  const machines: Machine[] = [];
  onTestFinished(() => {
    for (const machine of machines) machine.close();
  });
  for (const token of tokens) {
    const made = Array.from({ length: socketsOfCaller }, () => new Machine(server, token).open());
    machines.push(...(await Promise.all(made)));
  }
  expect(machines).toHaveLength(1_024);
  const watch = JSON.stringify({ t: "watch", repos: [repository] });
  for (const machine of machines) expect(JSON.parse(await machine.ask(watch))).toMatchObject({ t: "state" });
  const { wakings } = await relay.spent();

  await new Promise((resolve) => setTimeout(resolve, asleepAfterMs));
  const pongs = await Promise.all(machines.map((machine) => machine.ask("ping")));
  expect(new Set(pongs)).toEqual(new Set(["pong"]));
  expect((await relay.spent()).wakings).toBe(wakings);

  github.engine.deliverTo({ url: `${server}${hooksPath}`, secret });
  touch(github, [repository], "Changed while all slept", Date.now());
  const told = await Promise.all(machines.map((machine) => machine.next()));
  for (const text of told)
    expect(JSON.parse(text)).toMatchObject({
      t: "marks",
      marks: [[repository, expect.arrayContaining(["issue:1"]), expect.any(Number)]],
    });
  // It had slept: the event woke it, and its sockets were still there.
  expect((await relay.spent()).wakings).toBe(wakings + 1);
}, 120_000);
