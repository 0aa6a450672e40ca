/**
 * The relay with a clock that the bench of a team sets, and with counters at its bindings. Bundled by
 * scripts/bench/team/relay.ts; nothing of it is deployed.
 */

import { PoolCoordinator as Coordinator } from "../../../relay-worker/coordinator/coordinator.ts";
import type { PoolEnv } from "../../../relay-worker/coordinator/settings.ts";
import { defaultDeps } from "../../../relay-worker/deps.ts";
import type { Env } from "../../../relay-worker/env.ts";
import { reconcileCron } from "../../../relay-worker/events/reconcile.ts";
import { RepoEvents as Events } from "../../../relay-worker/marks/repo-events.ts";
import { createWorker } from "../../../relay-worker/worker.ts";
import { type BindingCounts, count, countCalls, countDatabase } from "./count.ts";

/** The bench's time; before the first word of the bench, and for measuring latency, the real one. */
let virtual: number | undefined;
const realNow = Date.now.bind(Date);
const now = () => virtual ?? realNow();
// The object of events asks the runtime itself.
Date.now = now;

const counts: BindingCounts = { d1: 0, do: [] };
/** Calls of the object of events, by method. */
const eventCalls: string[] = [];
/** How often the object of events woke. */
let wakings = 0;
let auditStatements = 0;
/** Requests in progress, and their work behind their answers. */
let underWay = 0;

class TeamCoordinator extends Coordinator {
  constructor(ctx: DurableObjectState, env: PoolEnv) {
    super(ctx, env, {
      now,
      newTicket: () => crypto.randomUUID(),
      after: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    });
  }
}

class CountedRepoEvents extends Events {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, { ...env, DB: countDatabase(env.DB, counts) });
    wakings += 1;
  }
}

// The bindings know the classes by these names.
export { CountedRepoEvents as RepoEvents, TeamCoordinator as PoolCoordinator };

const pause = (ms: number) => scheduler.wait(virtual === undefined ? ms : 0);
const relay = createWorker({ ...defaultDeps(), clock: now, pause });
let counted: Env | undefined;

/** The audit trail is written in batches of many requests, apart from a request's cost. */
function isCounted(query: string): boolean {
  const isAudit = /^\s*(insert|update)/i.test(query) && /audit|last_used/i.test(query);
  if (isAudit) auditStatements += 1;
  return !isAudit;
}

function control(url: URL): Response | undefined {
  if (url.pathname === "/bench/clock") {
    const to = url.searchParams.get("now");
    virtual = to === null || to === "" ? undefined : Number(to);
    return Response.json({ underWay });
  }
  if (url.pathname !== "/bench/counts") return undefined;
  const answer = Response.json({
    d1: counts.d1,
    object: counts.do.length,
    audit: auditStatements,
    events: eventCalls.length,
    wakings,
  });
  if (url.searchParams.has("reset")) {
    counts.d1 = 0;
    counts.do.length = 0;
    eventCalls.length = 0;
    auditStatements = 0;
  }
  return answer;
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const controlled = control(new URL(request.url));
    if (controlled) return controlled;
    if (new URL(request.url).pathname === "/bench/look") {
      await relay.scheduled({ cron: reconcileCron, scheduledTime: now(), noRetry() {} }, env);
      return Response.json({});
    }
    counted ??= {
      ...count(env, counts, isCounted),
      ...(env.EVENTS && { EVENTS: countCalls(env.EVENTS, eventCalls) }),
    };
    const watched: ExecutionContext = Object.assign(Object.create(ctx), {
      waitUntil: (work: Promise<unknown>) => {
        underWay += 1;
        ctx.waitUntil(
          work.finally(() => {
            underWay -= 1;
          }),
        );
      },
      passThroughOnException: () => ctx.passThroughOnException(),
    });
    underWay += 1;
    try {
      const response = await relay.fetch(request, counted, watched);
      if (response.webSocket) return response;
      const headers = new Headers(response.headers);
      headers.set("date", new Date(now()).toUTCString());
      return new Response(response.body, { status: response.status, headers });
    } finally {
      underWay -= 1;
    }
  },
};
