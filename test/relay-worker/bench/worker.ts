/**
 * The relay with reference routes beside it in the same workerd, an instant GitHub inside, and counters at its
 * bindings. Bundled by scripts/bench/relay.ts; nothing of it is deployed.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../../relay-worker/env.ts";
import { RelayMemory } from "../../../relay-worker/memory.ts";
import { createWorker } from "../../../relay-worker/worker.ts";
import { type BindingCounts, count } from "./count.ts";

export { PoolCoordinator } from "../../../relay-worker/coordinator/coordinator.ts";
export { RepoEvents } from "../../../relay-worker/marks/repo-events.ts";

/** The reference Durable Object: it answers, and that is all. */
export class Reference extends DurableObject {
  ping(): number {
    return 1;
  }
}

interface BenchEnv extends Env {
  readonly REFERENCE: DurableObjectNamespace<Reference>;
}

let githubCalls = 0;
const body = JSON.stringify({ number: 7, state: "open", title: "x".repeat(800) });
const reset = String(Math.floor(Date.now() / 1000) + 3600);

/** Every repository is public, every read is there, at once, and no budget shrinks. */
async function github(request: Request): Promise<Response> {
  githubCalls += 1;
  const { pathname } = new URL(request.url);
  const [, , owner, name, ...rest] = pathname.split("/");
  const view = { full_name: `${owner}/${name}`, html_url: "x", private: false };
  return new Response(rest.length === 0 ? JSON.stringify(view) : body, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-ratelimit-limit": "1000000000",
      "x-ratelimit-remaining": "999999999",
      "x-ratelimit-reset": reset,
      etag: '"bench"',
    },
  });
}

const memory = new RelayMemory();
const deps = { clock: () => Date.now(), fetch: github, pause: (ms: number) => scheduler.wait(ms) };
const relay = createWorker({ ...deps, memory });

const routes: Record<string, (env: BenchEnv) => Promise<Response>> = {
  "/bench/d1": async (env) => new Response(await oneRow(env)),
  "/bench/d1-do": async (env) => {
    const row = await oneRow(env);
    await env.REFERENCE.get(env.REFERENCE.idFromName("reference")).ping();
    return new Response(row);
  },
  "/bench/github": async () => Response.json({ calls: githubCalls }),
};

let someKey: string | undefined;

async function oneRow(env: BenchEnv): Promise<string> {
  someKey ??= (await env.DB.prepare("select key from github_cache_entries limit 1").first<string>("key")) ?? "";
  const row = await env.DB.prepare("select * from github_cache_entries where key = ?")
    .bind(someKey)
    .first<{ body: string }>();
  return row?.body ?? "";
}

/** Counts one read's statements and calls, the background apart from the answer's own. */
async function counted(request: Request, env: BenchEnv, ctx: ExecutionContext): Promise<Response> {
  const counts: BindingCounts = { d1: 0, do: [] };
  const response = await relay.fetch(
    new Request(new URL("/v1/github/request", request.url), request),
    count(env, counts),
    ctx,
  );
  // The coordinator's `end` runs on in the background and is part of the miss; so is no D1 statement but the audit's.
  const seen = { d1: counts.d1, do: counts.do.length };
  const envelope = await response.json<{ relay: { cache: string } }>();
  return Response.json({ ...seen, cache: envelope.relay.cache });
}

export default {
  fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = routes[pathname];
    if (route) return route(env);
    if (pathname === "/bench/counted") return counted(request, env, ctx);
    return relay.fetch(request, env, ctx);
  },
};
