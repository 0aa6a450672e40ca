import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Channel } from "../../../daemon/events/channel.ts";
import type { Socket, SocketHandlers } from "../../../daemon/events/open-socket.ts";
import { watchMarks } from "../../../daemon/events/watch.ts";
import { HeardMarks } from "../../../daemon/freshness/heard.ts";

const repo = "acme/widgets";
/** The relay's clock is an hour ahead. */
const ahead = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A relay's end of each connection. */
function setUp(fails = 0) {
  const heard = new HeardMarks();
  const sockets: { handlers: SocketHandlers; sent: string[]; closed: boolean }[] = [];
  let left = fails;
  const open = async (handlers: SocketHandlers): Promise<Socket> => {
    const socket = { handlers, sent: [] as string[], closed: false };
    sockets.push(socket);
    if (left > 0) {
      left -= 1;
      queueMicrotask(handlers.onEnd);
    } else queueMicrotask(handlers.onOpen);
    return {
      send: (text) => void socket.sent.push(text),
      close: () => {
        socket.closed = true;
      },
    };
  };
  const channel = new Channel({ login: "0", heard, now: Date.now, random: () => 1, open });
  const now = () => Date.now() + ahead;
  const lanes = () => ({ actions: { sampledAt: now(), delayMs: 5, lateUntil: 0 } });
  const health = () => ({ verifiedAt: now(), blind: [], lastDeliveryAt: now(), failed: 0, missing: 0, machines: 1 });
  const say = (message: object) =>
    sockets
      .at(-1)
      ?.handlers.onText(
        JSON.stringify({ epoch: "e", seq: 1, now: now(), lanes: lanes(), health: health(), ...message }),
      );
  const state = (more: object = {}) => say({ t: "state", covered: [repo], marks: [], ...more });
  const marks = (...tags: string[]) => say({ t: "marks", marks: [[repo, tags, now()]] });
  return { heard, channel, sockets, say, state, marks, now };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test("the first thing asked about opens the connection, which names it", async () => {
  const { channel, sockets } = setUp();
  channel.want(repo);
  await settle();
  expect(sockets[0]?.sent).toEqual([JSON.stringify({ t: "watch", repos: [repo] })]);
  channel.want("acme/other");
  channel.want("acme/third");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sockets[0]?.sent).toHaveLength(2);
  expect(sockets).toHaveLength(1);
});

test("the way is connecting until a state was heard, and again after a cut; never open in four tries, it is refused", async () => {
  const { channel, sockets, state } = setUp();
  channel.want(repo);
  expect(channel.way).toBe("connecting");
  await settle();
  expect(channel.way).toBe("connecting");
  state();
  expect(channel.way).toBe("listening");
  sockets[0]?.handlers.onEnd();
  expect(channel.way).toBe("connecting");
  const refused = setUp(4);
  refused.channel.want(repo);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(refused.channel.way).toBe("connecting");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(refused.channel.way).toBe("refused");
});

test("a change that the relay reports ends trust in older answers, by the relay's clock", async () => {
  const { channel, heard, state, marks, now } = setUp();
  channel.want(repo);
  await settle();
  state();
  expect(channel.hears(repo, ["actions"])).toBe(true);
  expect(channel.hears(repo, ["pulls"])).toBe(false);
  expect(channel.hears("acme/other", ["actions"])).toBe(false);
  marks("run:41");
  expect(heard.at("0", repo, ["run:41"])).toBe(now());
  expect(heard.at("0", repo, ["run:42"])).toBe(0);
});

test("after a cut nothing is heard until it is told of the missed marks; it names the last it heard", async () => {
  const { channel, sockets, state, heard, now } = setUp();
  channel.want(repo);
  await settle();
  state({ seq: 7 });
  sockets[0]?.handlers.onEnd();
  expect(channel.hears(repo, ["actions"])).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(sockets).toHaveLength(2);
  expect(sockets[1]?.sent).toEqual([JSON.stringify({ t: "watch", repos: [repo], epoch: "e", since: 7 })]);
  state({ reset: true });
  expect(heard.at("0", repo, ["anything"])).toBe(now());
});

test("a connection that no longer answers is given up within ten seconds of a question, and made anew", async () => {
  const { channel, sockets, state } = setUp();
  channel.want(repo);
  await settle();
  state();
  await vi.advanceTimersByTimeAsync(25_000);
  expect(sockets[0]?.sent.at(-1)).toBe("ping");
  sockets[0]?.handlers.onText("pong");
  await vi.advanceTimersByTimeAsync(24_999);
  expect(channel.isConnected).toBe(true);
  await vi.advanceTimersByTimeAsync(10_001);
  expect(channel.isConnected).toBe(false);
  expect(sockets[0]?.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(sockets).toHaveLength(2);
});

test("a connection that is blocked is tried less and less often, and never reported to the user", async () => {
  const { channel, sockets } = setUp(Number.POSITIVE_INFINITY);
  channel.want(repo);
  for (let minute = 0; minute < 14; minute += 1) await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets.length).toBeGreaterThan(2);
  expect(sockets.length).toBeLessThanOrEqual(6);
  expect(channel.isConnected).toBe(false);
});

test("a repository that was not read for a quarter of an hour is not listened for", async () => {
  const { channel, sockets, state } = setUp();
  channel.want(repo);
  await settle();
  state();
  for (let beat = 0; beat < 38; beat += 1) {
    await vi.advanceTimersByTimeAsync(25_000);
    sockets[0]?.handlers.onText("pong");
  }
  expect(sockets[0]?.closed).toBe(true);
  expect(sockets).toHaveLength(1);
  channel.want(repo);
  await settle();
  expect(sockets).toHaveLength(2);
});

test.each(["{", '{"t":"marks"}', "[]", '{"t":"state","epoch":1}'])("%s is left out", async (text) => {
  const { channel, sockets, state } = setUp();
  channel.want(repo);
  await settle();
  state();
  sockets[0]?.handlers.onText(text);
  expect(channel.isConnected).toBe(true);
});

test("a family that was late, or silent for long, does not count as heard", async () => {
  const { channel, state, sockets } = setUp();
  channel.want(repo);
  await settle();
  state();
  for (let beat = 0; beat < 40; beat += 1) {
    channel.want(repo);
    await vi.advanceTimersByTimeAsync(25_000);
    sockets[0]?.handlers.onText("pong");
  }
  expect(channel.isConnected).toBe(true);
  expect(channel.hears(repo, ["actions"])).toBe(false);
});

describe("a watch", () => {
  const bounds = { atLeast: 3_000, otherwise: 30_000 };
  const signal = new AbortController().signal;

  function watching(hears: boolean) {
    const heard = new HeardMarks();
    const options = { heard, now: Date.now, login: "0", repository: repo, tags: ["run:41"] };
    const watch = watchMarks({ ...options, hears: () => hears });
    const began = Date.now();
    const waited = watch.wait(bounds, signal).then((marked) => ({ marked, after: Date.now() - began }));
    return { heard, watch, waited };
  }
  const mark = (heard: HeardMarks) => heard.hear("0", [[repo, ["run:41"], 1]]);

  test("is woken by an event, though not sooner than its least", async () => {
    const { heard, waited } = watching(true);
    await vi.advanceTimersByTimeAsync(1_000);
    mark(heard);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await waited).toEqual({ marked: true, after: 3_000 });
  });

  test("looks by the clock where nothing is heard, and rarely where it is", async () => {
    const [deaf, hearing] = [watching(false), watching(true)];
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await deaf.waited).toEqual({ marked: false, after: 30_000 });
    expect(await hearing.waited).toEqual({ marked: false, after: 300_000 });
  });

  test("does not lose marks between two waits", async () => {
    const { heard, watch, waited } = watching(true);
    mark(heard);
    await vi.advanceTimersByTimeAsync(3_000);
    await waited;
    mark(heard);
    const again = watch.wait(bounds, signal);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await again).toBe(true);
  });
});
