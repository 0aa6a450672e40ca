/** A relay that is slow, silent, or sends a part of the answer. */
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RelayClient, type RelayLimits } from "../../../daemon/relay/client.ts";
import { RelayOutage, RelayRefusal } from "../../../daemon/relay/failures.ts";
import { closeServer, urlOf } from "../../support/loopback.ts";
import { type RelayReply, RelayStandIn, testToken } from "../support/relay.ts";

let relay: RelayStandIn;
let client: RelayClient;
let pauses: number[];

/** Each limit that a test does not reach is longer than the test, so that a busy machine does not reach it either. */
const never = 60_000;
/** For a relay that answers: it is asked soon whether it lives, and may take its time to say so. */
const patient: Partial<RelayLimits> = { wholeMs: never, silenceMs: 50, pulseMs: never };
/** For a relay that does not even say that it lives. */
const quick: Partial<RelayLimits> = { wholeMs: never, silenceMs: 50, pulseMs: 200 };
/** For answers without an end: the limit that comes first. */
const short: Partial<RelayLimits> = { wholeMs: 1_000, silenceMs: 200, pulseMs: 400 };

beforeEach(async () => {
  relay = await RelayStandIn.start();
  pauses = [];
  client = clientOf(relay.url);
});
afterEach(async () => {
  await relay.stop();
});

function clientOf(server: string, limits = patient): RelayClient {
  const sleep = async (milliseconds: number) => void pauses.push(milliseconds);
  return new RelayClient(server, { now: () => 1_000_000, sleep, env: {}, limits });
}

const ask = (path = "/repos/o/r", from = client, query = {}) =>
  from.read(
    { server: relay.url, pool: "maintainers", clientName: "c", token: testToken },
    { path, query, headers: {} },
    { signal: new AbortController().signal, retries: 1 },
  );
const silent = () => new Promise<RelayReply>(() => undefined);

describe("time", () => {
  test("a relay that says nothing at all is left soon, and not asked again", async () => {
    relay.answer = silent;
    relay.pulse = () => undefined;
    await expect(ask("/repos/o/r", clientOf(relay.url, quick))).rejects.toThrow(/does not answer/);
    expect([relay.asked.length, pauses]).toEqual([1, []]);
  });

  test("a relay that lives may be slow with one read", async () => {
    const release = Promise.withResolvers<void>();
    relay.answer = async () => {
      await release.promise;
      return { body: "slow" };
    };
    let beats = 0;
    relay.pulse = (response) => {
      response.end('{"service":"octopool"}');
      if (++beats === 2) release.resolve();
    };
    expect((await ask()).body.toString()).toBe("slow");
  });

  test("a read of a relay that lives ends when the time for it is over", async () => {
    relay.answer = silent;
    await expect(ask("/repos/o/r", clientOf(relay.url, { ...patient, wholeMs: 500 }))).rejects.toThrow(/took too long/);
    expect(relay.asked).toHaveLength(1);
  });

  test("three reads that were never answered open the breaker", async () => {
    relay.answer = silent;
    relay.pulse = () => undefined;
    const other = clientOf(relay.url, quick);
    await Promise.allSettled([ask("/a", other), ask("/b", other), ask("/c", other)]);
    expect(other.breaker.state).toBe("open");
  });

  test("many slow reads do not hold up another one", async () => {
    relay.answer = ({ path }) => (path === "/quick" ? { body: "quick" } : silent());
    const limits = { ...patient, slowAfterMs: 20, patienceMs: never, longestWaitMs: never };
    const other = clientOf(relay.url, limits);
    const slow = Array.from({ length: 40 }, (_, index) => ask(`/slow/${index}`, other));
    const all = Promise.allSettled(slow);
    expect((await ask("/quick", other)).body.toString()).toBe("quick");
    await relay.stop();
    expect((await all).every(({ status }) => status === "rejected")).toBe(true);
  });

  const endless = {
    "a body that comes a byte at a time": (write: (text: string) => void) => {
      write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\nx-octopool-body-offset: 10\r\n\r\n{");
      return () => write(" ");
    },
    "a head that comes a byte at a time": (write: (text: string) => void) => {
      write("HTTP/1.1 200 OK\r\nx-a: ");
      return () => write("a");
    },
    "early hints without an end": (write: (text: string) => void) => () =>
      write("HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n"),
  } as const;
  let server: Server;

  test.each(Object.entries(endless))("%s has an end", async (_name, begin) => {
    server = createServer(({ socket }) => {
      const more = begin((text) => socket.write(text));
      const timer = setInterval(more, 5);
      socket.once("close", () => clearInterval(timer)).on("error", () => undefined);
    });
    const other = clientOf(await urlOf(server), short);
    await expect(ask("/repos/o/r", other)).rejects.toThrow(/does not answer|took too long/);
    await closeServer(server);
  });

  test("a probe that hangs ends too: the breaker goes on to the next one", async () => {
    let now = 1_000_000;
    const sleep = async () => undefined;
    const other = new RelayClient(relay.url, { now: () => now, sleep, env: {}, limits: quick });
    const { pulse } = relay;
    relay.answer = silent;
    relay.pulse = () => undefined;
    await Promise.allSettled([ask("/a", other), ask("/b", other), ask("/c", other)]);
    now += 2_000;
    const probe = ask("/probe", other);
    await relay.arrived(4);
    expect(other.breaker.state).toBe("half_open");
    await expect(probe).rejects.toThrow(/does not answer/);
    expect(other.breaker.state).toBe("open");
    now += 4_000;
    relay.answer = () => ({ body: "back" });
    relay.pulse = pulse;
    expect((await ask("/probe", other)).body.toString()).toBe("back");
    expect(other.breaker.state).toBe("closed");
  });
});

describe("an answer that is not whole", () => {
  const body = '{"a":{"b":1},"c":{"d":2},"text":"a } in a string"}';
  const lastBrace = (envelope: Buffer, before: number) => envelope.lastIndexOf("}", before);
  const cuts: Readonly<Record<string, (envelope: Buffer) => Buffer>> = {
    "cut in the middle": (envelope) => envelope.subarray(0, Math.floor(envelope.length * 0.7)),
    "cut behind a brace": (envelope) => envelope.subarray(0, lastBrace(envelope, envelope.length - 30) + 1),
    "without its last byte": (envelope) => envelope.subarray(0, -1),
    "without its body": (envelope) => envelope.subarray(0, envelope.lastIndexOf('"body":') + 7),
    "followed by a byte": (envelope) => Buffer.concat([envelope, Buffer.from("\n")]),
    "followed by a brace": (envelope) => Buffer.concat([envelope, Buffer.from("}")]),
    "followed by itself": (envelope) => Buffer.concat([envelope, envelope]),
    empty: () => Buffer.alloc(0),
  };

  for (const [name, mangle] of Object.entries(cuts)) {
    test.each(["json", "text", "base64"] as const)(`an envelope (%s) ${name} is no answer`, async (encoding) => {
      relay.answer = () => ({ body, encoding, mangle });
      await expect(ask()).rejects.toBeInstanceOf(RelayOutage);
    });
    test(`of a relay that does not tell the length, an envelope ${name} is no answer`, async () => {
      relay.answer = () => ({ body, relay: { body_length: undefined }, mangle });
      await expect(ask()).rejects.toBeInstanceOf(RelayOutage);
    });
  }

  test("a relay that does not tell the length is understood", async () => {
    relay.answer = () => ({ body, relay: { body_length: undefined } });
    expect((await ask()).body.toString()).toBe(body);
  });

  test.each([99, 100, 199, 600, 20])("no answer has the status %i", async (status) => {
    relay.answer = () => ({ status });
    await expect(ask()).rejects.toBeInstanceOf(RelayOutage);
  });

  test.each([
    ["a b", "x"],
    ["x-a", "new\r\nline"],
    ["", "x"],
  ])("an answer with the header %j: %j is none", async (name, value) => {
    relay.answer = () => ({ headers: { [name]: value } });
    await expect(ask()).rejects.toBeInstanceOf(RelayOutage);
  });
});

describe("the relay's own words", () => {
  test.each([
    [500, "internal_error"],
    [502, "github_unreachable"],
    [502, "github_redirect_denied"],
    [503, "identity_misconfigured"],
    [503, "relay_overloaded"],
    [429, "login_rate_limited"],
  ])("HTTP %i %s fails this read once, and proves that the relay lives", async (http, code) => {
    relay.answer = () => ({ refusal: { http, code } });
    for (let times = 0; times < 5; times++) await expect(ask()).rejects.toBeInstanceOf(RelayOutage);
    expect(relay.asked).toHaveLength(5);
    expect(client.breaker.state).toBe("closed");
  });

  test("reach no terminal and no log with control characters", async () => {
    const reason = "bad\n\u001b]0;title\u0007 \u202e reason";
    relay.answer = () => ({ refusal: { http: 424, code: "fallback\u001b[2J_local", reason } });
    const error = await ask().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RelayRefusal);
    expect(error).toMatchObject({ code: "fallback [2J_local", reason: "bad ]0;title reason" });
  });

  test("an address that GitHub would not take is refused before the relay is asked", async () => {
    await expect(ask("/search/issues", client, { q: "x".repeat(70_000) })).rejects.toMatchObject({
      name: "RelayRefusal",
      reason: "route_denied",
    });
    expect(relay.asked).toEqual([]);
    expect(client.breaker.state).toBe("closed");
  });
});

describe("the relay's clock", () => {
  test.each([
    ["the envelope's", { answered_at: "2026-03-01T00:00:00.500Z" }, "2026-03-01T00:00:00.500Z"],
    ["the Date header's where an older relay tells none", { answered_at: undefined }, "2026-02-01T00:00:00.000Z"],
  ])("is %s", async (_name, told, expected) => {
    relay.answer = () => ({ relay: told, wire: { date: "Sun, 01 Feb 2026 00:00:00 GMT" } });
    expect(new Date((await ask()).relayNow).toISOString()).toBe(expected);
  });
});
