import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { framesMediaType } from "../../shared/protocol.ts";
import { TestMachine } from "./support/machine.ts";
import { RelayStandIn } from "./support/relay.ts";

let relay: RelayStandIn;
let machine: TestMachine;

beforeEach(async () => {
  relay = await RelayStandIn.start();
  machine = new TestMachine(relay.env);
  await machine.startDaemon();
});
afterEach(async () => {
  await machine.stop();
  await relay.stop();
});

const get = (path: string, headers: Record<string, string> = {}) => machine.ask("GET", path, { headers });

test("GET /github/… gives GitHub's own bytes and headers, with the answer's source and age", async () => {
  relay.answer = () => ({
    body: '{"a": 1.0,\n "big": 12345678901234567890}',
    headers: { etag: '"x"' },
    cache: "hit",
    age: 40,
  });
  const first = await get("/github/repos/acme/widgets/issues/1?per_page=2");
  expect(first.status).toBe(200);
  expect(first.body.toString()).toBe('{"a": 1.0,\n "big": 12345678901234567890}');
  expect(first.headers).toMatchObject({ etag: '"x"', "x-octopool-cache": "relay" });
  expect(Number(first.headers.age)).toBeGreaterThanOrEqual(40);
  expect(relay.asked[0]?.query).toEqual({ per_page: "2" });
  const second = await get("/github/repos/acme/widgets/issues/1?per_page=2");
  expect(second.headers["x-octopool-cache"]).toBe("local");
  expect(second.body).toEqual(first.body);
});

test("cache-control: max-age bounds the age, no-cache asks GitHub", async () => {
  relay.answer = ({ headers }) =>
    headers["cache-control"] === "max-age=0" ? { body: "new" } : { body: "old", cache: "hit", age: 60 };
  expect((await get("/github/repos/acme/widgets/pulls/1")).body.toString()).toBe("old");
  await get("/github/repos/acme/widgets/pulls/1", { "cache-control": "max-age=30" });
  expect(relay.asked[1]?.headers).toEqual({ "cache-control": "max-age=30" });
  expect((await get("/github/repos/acme/widgets/pulls/1", { "cache-control": "no-cache" })).body.toString()).toBe(
    "new",
  );
  expect((await get("/github/repos/acme/widgets/pulls/1")).body.toString()).toBe("new");
});

test.each(['max-age="0"', "private, max-age = 0", "max-age=soon", "max-age"])(
  "cache-control: %s asks GitHub",
  async (bound) => {
    await get("/github/repos/acme/widgets/pulls/1", { "cache-control": bound });
    expect(relay.asked[0]?.headers).toEqual({ "cache-control": "max-age=0" });
  },
);

test("GitHub's own 404 is an answer, and is not kept", async () => {
  relay.answer = () => ({ status: 404, body: '{"message":"Not Found"}' });
  expect((await get("/github/repos/acme/widgets/pulls/404")).status).toBe(404);
  await get("/github/repos/acme/widgets/pulls/404");
  expect(relay.asked).toHaveLength(2);
});

test("bytes that are no UTF-8 arrive exactly", async () => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x0d, 0x0a, 0x00]);
  relay.answer = () => ({ body: bytes, encoding: "base64", headers: { "content-type": "text/plain" } });
  expect((await get("/github/repos/acme/widgets/contents/x")).body).toEqual(bytes);
});

test("a read for the caller's own gh is refused with the reason, and nothing of it is kept", async () => {
  relay.answer = () => ({ refusal: { http: 424, code: "fallback_local", reason: "repo_not_public" } });
  const refused = await get("/github/repos/acme/secret");
  expect(refused.status).toBe(421);
  expect(JSON.parse(refused.body.toString())).toMatchObject({
    error: { code: "fallback_local", details: { reason: "repo_not_public" } },
  });
  expect(await machine.status()).toMatchObject({ cache: { entries: 0 } });
});

test("a path that no route allows is refused without a request to the relay", async () => {
  expect((await get("/github/user")).status).toBe(421);
  expect((await get("/github/repos/{owner}/{repo}")).status).toBe(421);
  expect(relay.asked).toHaveLength(0);
});

test("unknown paths, wrong methods and unreadable calls are clear errors", async () => {
  expect((await get("/nothing")).status).toBe(404);
  expect((await get("/shutdown")).status).toBe(405);
  const bad = await machine.ask("POST", "/gh", { body: "arg=pr" });
  expect(bad.status).toBe(400);
  expect(bad.body.toString()).toMatch(/`cwd` must be an absolute path/);
});

test("a read that comes while the daemon leaves is told so, in the form of all errors", async () => {
  const release = Promise.withResolvers<void>();
  relay.answer = async () => {
    await release.promise;
    return { body: "held" };
  };
  const request = (path: string) => `GET /github${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const socket = connect(machine.socket);
  socket.write(request("/repos/acme/held/pulls/1"));
  await relay.arrived(1);
  expect((await machine.ask("POST", "/shutdown")).status).toBe(202);
  socket.write(request("/repos/acme/late/pulls/1"));
  release.resolve();
  const answers = Buffer.concat(await socket.toArray()).toString();
  expect(answers).toMatch(
    /^HTTP\/1.1 200 [\s\S]*heldHTTP\/1.1 503 [\s\S]*\r\n\r\n\{"error":\{"code":"daemon_unavailable"/,
  );
});

const call = "cwd=/&tty=&arg=api&arg=repos/acme/widgets/issues/1";

test.each([
  ["an answer from memory", ["GET /github/repos/acme/widgets/issues/1 HTTP/1.1"], ""],
  [
    "a command's output",
    ["POST /gh HTTP/1.1", `Accept: ${framesMediaType}`, "Connection: close", `Content-Length: ${call.length}`],
    call,
  ],
])("%s that its reader has not taken yet keeps a daemon that leaves", async (_what, head, form) => {
  const body = "x".repeat(8 * 2 ** 20);
  relay.answer = () => ({ body, fresh: 86_400, cache: "hit", age: 60 });
  expect((await get("/github/repos/acme/widgets/issues/1")).body.length).toBe(body.length);
  const slow = connect(machine.socket);
  slow.write([...head, "Host: octopool", "", form].join("\r\n"));
  await once(slow, "readable");
  const shutdown = await machine.ask("POST", "/shutdown");
  expect(shutdown.status).toBe(202);
  let taken = 0;
  for await (const chunk of slow) taken += (chunk as Buffer).length;
  expect(taken).toBeGreaterThan(body.length);
});

test("garbage on the socket ends that connection and nothing else", async () => {
  const socket = connect(machine.socket);
  socket.write("\x16\x03\x01 what is this\r\n\r\n");
  const answer = Buffer.concat(await socket.toArray()).toString();
  expect(answer).toMatch(/^HTTP\/1.1 400/);
  expect((await get("/status")).status).toBe(200);
});

test("POST /gh without frames: 200 only when all there is, is stdout", async () => {
  const call = (what: string) => machine.ask("POST", "/gh", { body: `cwd=/&tty=&arg=pr&arg=view&arg=${what}` });
  expect(await call("echo")).toMatchObject({ status: 200 });
  expect(await call("fail")).toMatchObject({ status: 406 });
  expect(await call("unknown")).toMatchObject({ status: 421 });
});

test("a notice is not taken as said to a client that cannot print it, which asks again as one that can", async () => {
  const body = "cwd=/&tty=&env.HOME=/nobody&arg=api&arg=repos/acme/widgets/pulls/7";
  const plainly = () => machine.ask("POST", "/gh", { body });
  const framed = async () => {
    const answer = await machine.ask("POST", "/gh", { body, headers: { accept: framesMediaType } });
    return answer.body.toString();
  };
  expect(await plainly()).toMatchObject({ status: 406 });
  expect(await plainly()).toMatchObject({ status: 406 });
  expect(await framed()).toContain("`octopool login` shares reads with your team.");
  expect(await plainly()).toMatchObject({ status: 421 });
});

test("only variables of the environment table reach a call", async () => {
  const body =
    "cwd=/tmp&tty=02&columns=77&arg=pr&arg=view&arg=echo&arg=a%20b&env.GH_REPO=o/r&env.LD_PRELOAD=x&env.GH_TOKEN=set";
  const answer = await machine.ask("POST", "/gh", { body });
  expect(JSON.parse(answer.body.toString())).toEqual({
    args: ["pr", "view", "echo", "a b"],
    cwd: "/tmp",
    env: { GH_REPO: "o/r", GH_TOKEN: "set" },
    tty: { stdin: true, stdout: false, stderr: true },
    columns: 77,
  });
});

test("a client that goes away cancels its request, unless another waits for the same", async () => {
  const release = Promise.withResolvers<void>();
  relay.answer = async () => {
    await release.promise;
    return { body: "late" };
  };
  const leaver = connect(machine.socket);
  leaver.write("GET /github/repos/acme/widgets/pulls/1 HTTP/1.1\r\nHost: x\r\n\r\n");
  await relay.arrived(1);
  const stayer = get("/github/repos/acme/widgets/pulls/1");
  await expect.poll(async () => (await machine.status()) as unknown).toMatchObject({ callsRunning: 2 });
  leaver.destroy();
  release.resolve();
  expect((await stayer).body.toString()).toBe("late");
  expect(relay.cancelled).toBe(0);

  const never = Promise.withResolvers<never>();
  relay.answer = () => never.promise;
  const alone = connect(machine.socket);
  alone.write("GET /github/repos/acme/widgets/pulls/2 HTTP/1.1\r\nHost: x\r\n\r\n");
  await relay.arrived(2);
  alone.destroy();
  await relay.someCancelled();
});

test("POST /written makes the next read of that repository live, once", async () => {
  relay.answer = (_asked, count) => ({ body: String(count), cache: "hit", age: 100 });
  const other = "/github/repos/acme/other/pulls/1";
  const path = "/github/repos/Acme/Widgets/pulls/1";
  await get(path);
  await get(other);
  relay.answer = (_asked, count) => ({ body: String(count), cache: "revalidated" });
  const marked = await machine.ask("POST", "/written", { body: "repo=acme/widgets" });
  expect(JSON.parse(marked.body.toString())).toEqual({ marked: ["acme/widgets"] });
  expect((await get(path)).body.toString()).toBe("3");
  expect(relay.asked[2]?.headers["cache-control"]).toBe("max-age=0");
  expect((await get(path)).headers["x-octopool-cache"]).toBe("local");
  expect((await get(other)).headers["x-octopool-cache"]).toBe("local");
});

test("/status has the saved calls and the kept answers", async () => {
  relay.answer = () => ({ body: "x" });
  await get("/github/repos/acme/widgets/pulls/1");
  await get("/github/repos/acme/widgets/pulls/1");
  expect(await machine.status()).toMatchObject({
    state: "running",
    counters: { local: 1, relayed: 1, coalesced: 0, githubCalls: 1, githubCallsSaved: 1 },
    relay: { answers: { miss: 1 }, latencyMs: { samples: 1 }, breakers: { [relay.url]: "closed" } },
    commands: { latencyMs: null },
    cache: { entries: 1 },
    memory: { residentBytes: expect.any(Number) },
  });
  const call = "cwd=/&tty=&arg=api&arg=repos%2Facme%2Fwidgets%2Fpulls%2F1";
  expect(await machine.ask("POST", "/gh", { body: call })).toMatchObject({ status: 200 });
  expect(await machine.status()).toMatchObject({ commands: { latencyMs: { samples: 1 } } });
});
