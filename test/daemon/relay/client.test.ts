import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RelayClient, type RelayLimits } from "../../../daemon/relay/client.ts";
import { RelayOutage, RelayRefusal } from "../../../daemon/relay/failures.ts";
import { RelayStandIn, testToken } from "../support/relay.ts";

let relay: RelayStandIn;
let client: RelayClient;
let time: number;
let pauses: number[];

beforeEach(async () => {
  relay = await RelayStandIn.start();
  time = 1_000_000;
  pauses = [];
  client = clientOf(relay.url);
});
afterEach(async () => {
  await client.close();
  await relay.stop();
});

function clientOf(server: string, limits: Partial<RelayLimits> = {}): RelayClient {
  const sleep = async (milliseconds: number) => void pauses.push(milliseconds);
  return new RelayClient(server, { now: () => time, sleep, env: {}, limits });
}

const connection = (server = relay.url) => ({ server, pool: "maintainers", clientName: "c", token: testToken });
const read = { path: "/repos/o/r", query: {}, headers: {} };
const ask = (retries = 1, signal = new AbortController().signal) =>
  client.read(connection(), read, { signal, retries });
/** Some gateway's word, not the relay's. */
const outage = { raw: "<html>Bad gateway</html>", http: 502 };

test("the token goes along, and GitHub's bytes come back as they are", async () => {
  relay.answer = () => ({ body: '{"n": 1.50, "big": 123456789012345678901}' });
  expect((await ask()).body.toString()).toBe('{"n": 1.50, "big": 123456789012345678901}');
  expect(relay.asked[0]).toMatchObject({
    pool: "maintainers",
    method: "GET",
    path: "/repos/o/r",
    authorization: `Bearer ${testToken}`,
  });
});

test.each([
  ["text", "plain \u2028 text\n"],
  ["base64", Buffer.from([0xff, 0, 0xfe])],
  ["json", " [1,\n2] "],
] as const)("a body of encoding %s is exact", async (encoding, body) => {
  relay.answer = () => ({ body, encoding });
  expect((await ask()).body).toEqual(Buffer.from(body));
});

test("a failure is tried once more, shortly after", async () => {
  relay.answer = (_asked, count) => (count === 1 ? outage : { body: "second" });
  expect((await ask()).body.toString()).toBe("second");
  expect(pauses).toEqual([150]);
});

test("OCTOPOOL_RELAY_RETRIES=0 tries no more", async () => {
  relay.answer = () => outage;
  await expect(ask(0)).rejects.toBeInstanceOf(RelayOutage);
  expect(relay.asked).toHaveLength(1);
});

test.each(["identities_cooling_down", "relay_overloaded", "repo_public_check_failed", "relay_storage_unavailable"])(
  "the passing reason %s is tried once more after a second",
  async (reason) => {
    relay.answer = () => ({ refusal: { http: 424, code: "fallback_local", reason } });
    await expect(ask()).rejects.toMatchObject({ name: "RelayRefusal", reason });
    expect(relay.asked).toHaveLength(2);
    expect(pauses).toEqual([1000]);
  },
);

test.each([
  [424, "fallback_local", "repo_not_public"],
  [401, "invalid_auth", undefined],
  [400, "invalid_path", undefined],
])(
  "HTTP %i %s is the relay's considered word: no second try, no step to an open breaker",
  async (http, code, reason) => {
    relay.answer = () => ({ refusal: { http, code, ...(reason && { reason }) } });
    for (let times = 0; times < 5; times++) await expect(ask()).rejects.toBeInstanceOf(RelayRefusal);
    expect(relay.asked).toHaveLength(5);
    expect(client.breaker.state).toBe("closed");
  },
);

test.each(["not json", '{"status":200}', "{}"])("an answer that is not the relay's (%s) is an outage", async (raw) => {
  relay.answer = () => ({ raw });
  await expect(ask(0)).rejects.toBeInstanceOf(RelayOutage);
});

test("a relay that is not there is an outage", async () => {
  const gone = clientOf("http://127.0.0.1:9");
  await expect(
    gone.read(connection("http://127.0.0.1:9"), read, { signal: new AbortController().signal, retries: 1 }),
  ).rejects.toThrow(/could not be reached \(ECONNREFUSED\)/);
  await gone.close();
});

test("after failures in a row no read waits: the breaker is open, one probe tries, its success closes it", async () => {
  relay.answer = () => outage;
  for (let times = 0; times < 3; times++) await expect(ask(0)).rejects.toBeInstanceOf(RelayOutage);
  expect(client.breaker.state).toBe("open");
  await expect(ask()).rejects.toThrow(/given a pause/);
  expect(relay.asked).toHaveLength(3);

  time += 2_000;
  const release = Promise.withResolvers<void>();
  relay.answer = async () => {
    await release.promise;
    return { body: "back" };
  };
  const probe = ask();
  expect(client.breaker.state).toBe("half_open");
  await expect(ask()).rejects.toThrow(/given a pause/);
  release.resolve();
  expect((await probe).body.toString()).toBe("back");
  expect(client.breaker.state).toBe("closed");
});

test("a read that still waits for its turn when the breaker opens is not sent", async () => {
  const release = Promise.withResolvers<void>();
  relay.answer = async () => {
    await release.promise;
    return outage;
  };
  const all = Array.from({ length: 100 }, () => ask(0));
  const results = Promise.allSettled(all);
  await relay.arrived(8);
  release.resolve();
  expect((await results).every(({ status }) => status === "rejected")).toBe(true);
  expect(relay.asked.length).toBeLessThanOrEqual(16 + 2);
});

test("a probe that fails doubles the pause", async () => {
  relay.answer = () => outage;
  for (let times = 0; times < 3; times++) await expect(ask(0)).rejects.toBeInstanceOf(RelayOutage);
  time += 2_000;
  await expect(ask(0)).rejects.toThrow(/HTTP 502/);
  time += 3_999;
  await expect(ask(0)).rejects.toThrow(/given a pause/);
  time += 1;
  await expect(ask(0)).rejects.toThrow(/HTTP 502/);
});

test("a machine's burst reaches the relay at most 16 at a time", async () => {
  let [now, most] = [0, 0];
  const gate = Promise.withResolvers<void>();
  relay.answer = async () => {
    most = Math.max(most, ++now);
    if (relay.asked.length >= 8) gate.resolve();
    await gate.promise;
    now--;
    return { body: "{}" };
  };
  await Promise.all(Array.from({ length: 100 }, () => ask()));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});

test("a cancelled read lets go of the relay", async () => {
  relay.answer = () => new Promise(() => undefined);
  const gone = new AbortController();
  const pending = ask(1, gone.signal);
  await relay.arrived(1);
  gone.abort(new Error("gone"));
  await expect(pending).rejects.toThrow();
  await relay.someCancelled();
});

describe("on the wire", () => {
  let server: Server;
  afterEach(() => server.close());

  const answer = (pack: (text: string) => Buffer, encoding: string) => {
    const head = JSON.stringify({
      status: 200,
      headers: {},
      body_encoding: "json",
      identity: null,
      relay: {
        pool: "p",
        request_id: "r",
        cacheable: true,
        cache: "hit",
        stale_ok: false,
        route_kind: "x",
        lease_reason: null,
        backend: "cache",
        coalesced: false,
        cache_created_at: null,
        cache_expires_at: null,
      },
    }).slice(0, -1);
    const text = `${head},"body":{"packed":true}}`;
    return {
      bytes: pack(text),
      headers: { "content-encoding": encoding, "x-octopool-body-offset": String(head.length + 8) },
    };
  };

  test.each([
    ["br", brotliCompressSync],
    ["gzip", gzipSync],
  ] as const)("an answer packed with %s is unpacked", async (encoding, pack) => {
    const { bytes, headers } = answer((text) => pack(text), encoding);
    let accepts: string | undefined;
    server = createServer((request, response) => {
      accepts = request.headers["accept-encoding"];
      response.writeHead(200, headers).end(bytes);
    });
    server.listen(0);
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const other = clientOf(url);
    const signal = new AbortController().signal;
    expect((await other.read(connection(url), read, { signal, retries: 0 })).body.toString()).toBe('{"packed":true}');
    expect(accepts).toBe("br, gzip");
    await other.close();
  });

  test("nothing held is an answer without a body, for any packing it names", async () => {
    server = createServer((_request, response) => {
      response.writeHead(204, { "content-encoding": "gzip" }).end();
    });
    server.listen(0);
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const other = clientOf(url);
    const held = { ...read, path: "/graphql", graphql: { query: "query { a }" }, held: true } as const;
    const answer = other.read(connection(url), held, { signal: new AbortController().signal, retries: 0 });
    await expect(answer).rejects.toMatchObject({ name: "RelayRefusal", code: "not_held" });
    await other.close();
  });
});
