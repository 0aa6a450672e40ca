import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { eventRules } from "../../../shared/events/marks.ts";
import { urlOf } from "../../support/loopback.ts";
import type { Viewer } from "../auth.ts";
import type { ApiCall } from "../http.ts";
import { type Fate, type GitHub, type HookEvent, startGitHub, type WorldFile } from "../index.ts";
import { hookRoutes } from "../rest/hooks.ts";

const world: WorldFile = {
  users: [{ login: "mona" }],
  tokens: [{ token: "mona-token", login: "mona" }],
  repositories: [{ name: "mona/tool", issues: [{ number: 1, title: "One", author: "mona" }] }],
} as WorldFile;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Arrived {
  readonly event: string;
  readonly guid: string;
  readonly signed: boolean;
  readonly payload: { action?: string; repository?: { full_name: string } };
}

async function setUp(fate?: (event: HookEvent) => Fate, status = 204) {
  const arrived: Arrived[] = [];
  const receiver: Server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const signature = `sha256=${createHmac("sha256", "s").update(body).digest("hex")}`;
    arrived.push({
      event: String(request.headers["x-github-event"]),
      guid: String(request.headers["x-github-delivery"]),
      signed: request.headers["x-hub-signature-256"] === signature,
      payload: JSON.parse(body.toString()),
    });
    response.writeHead(status).end();
  });
  const hooks = { url: `${await urlOf(receiver)}/`, secret: "s", ...(fate && { fate }) };
  const github = await startGitHub({ world, hooks });
  open.push(github, receiver);
  return { github, arrived };
}

const headers = { authorization: "token mona-token", "content-type": "application/json" };

async function comment(github: GitHub): Promise<void> {
  const body = JSON.stringify({ body: "hello" });
  const response = await fetch(`${github.url}/repos/mona/tool/issues/1/comments`, { method: "POST", headers, body });
  expect(response.status).toBe(201);
}

test("a write is told of by signed deliveries, each of an event that the relay knows", async () => {
  const { github, arrived } = await setUp();
  await comment(github);
  await github.engine.hooks.quiet();
  expect(arrived.map(({ event, payload }) => `${event} ${payload.action}`).sort()).toEqual([
    "issue_comment created",
    "issues edited",
  ]);
  expect(arrived.every(({ signed, event }) => signed && event in eventRules)).toBe(true);
});

test("deliveries are lost, doubled and late as they are told to be; a copy has the guid of the first", async () => {
  const fates: Record<string, Fate> = { issues: { lost: true }, issue_comment: { copies: 2, delay: 5 } };
  const { github, arrived } = await setUp(({ event }) => fates[event] ?? {});
  await comment(github);
  await github.engine.hooks.quiet();
  expect(arrived.map(({ event }) => event)).toEqual(["issue_comment", "issue_comment"]);
  expect(new Set(arrived.map(({ guid }) => guid)).size).toBe(1);
});

test("nothing is delivered twice by itself: a failed delivery is listed, and sent again on demand", async () => {
  const { github, arrived } = await setUp(undefined, 503);
  await comment(github);
  await github.engine.hooks.quiet();
  expect(arrived).toHaveLength(2);
  const failed = github.engine.hooks.deliveries.find(({ event }) => event === "issue_comment");
  expect(failed).toMatchObject({ status: "Invalid HTTP Response", status_code: 503, redelivery: false });
  github.engine.hooks.redeliver(failed?.id ?? 0);
  await github.engine.hooks.quiet();
  expect(arrived.at(-1)?.guid).toBe(failed?.guid);
});

test("deliveries are listed newest first, by a cursor that later ones do not move", async () => {
  const { github } = await setUp();
  for (let index = 0; index < 3; index += 1) await comment(github);
  await github.engine.hooks.quiet();
  const total = github.engine.hooks.deliveries.length;
  expect(total).toBeGreaterThan(3);
  const viewer = { kind: "app", app: { events: [] } } as unknown as Viewer;
  const page = (query: string) => {
    const list = hookRoutes(github.engine.hooks)["GET /app/hook/deliveries"];
    return list?.({ viewer, query: new URLSearchParams(query) } as ApiCall);
  };
  const first = page("per_page=3");
  const cursor = /cursor=(v1_\d+)>; rel="next"/.exec(first?.headers?.link ?? "")?.[1] ?? "";
  await comment(github);
  await github.engine.hooks.quiet();
  const second = page(`per_page=3&cursor=${cursor}`);
  const ids = [first, second].flatMap((reply) => ((reply?.body ?? []) as { id: number }[]).map(({ id }) => id));
  expect(ids).toEqual(Array.from({ length: total }, (_, index) => total - index));
  expect(second?.headers?.link).toBeUndefined();
});

test("only the App itself sees its deliveries", async () => {
  const { github } = await setUp();
  expect((await fetch(`${github.url}/app/hook/deliveries`, { headers })).status).toBe(401);
});

test("a replica that lags serves an earlier state, with the validator of then", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const github = await startGitHub({ world, now: () => now, replicaLag: 2_000 });
  open.push(github);
  const read = () => fetch(`${github.url}/repos/mona/tool/issues/1`, { headers });
  const before = await read();
  const etag = before.headers.get("etag");
  github.mutate((each) => {
    const thread = each.repositories.get("mona/tool")?.threads.get(1);
    if (thread) thread.title = "Another";
  });
  now += 1_999;
  const lagging = await read();
  expect(lagging.headers.get("etag")).toBe(etag);
  expect(await lagging.json()).toMatchObject({ title: "One" });
  const asked = await fetch(`${github.url}/repos/mona/tool/issues/1`, {
    headers: { ...headers, "if-none-match": etag ?? "" },
  });
  expect(asked.status).toBe(304);
  now += 1;
  expect(await (await read()).json()).toMatchObject({ title: "Another" });
});
