/** The ends of fills, reported to the pool's coordinator: those of one moment in one call. */
import { coordinatorOf } from "../../coordinator/client.ts";
import type { EndRequest } from "../../coordinator/contract.ts";
import { type Gathering, gather } from "../../gather.ts";
import { quietly } from "../../log.ts";
import { memoryPart } from "../../memory.ts";
import type { Work } from "./work.ts";

/** The reads of one command end within so many milliseconds of each other; followers wait for them. */
const gatherMs = 20;
/** A call of an object takes 32 MiB. */
const mostBytes = 8 * 1024 * 1024;

interface Endings extends Gathering {
  requests: EndRequest[];
  bytes: number;
}

/** By pool. */
const endings = memoryPart(() => new Map<string, Endings>());

/** Reports to the coordinator soon; the answer need not wait for this, and followers get theirs from it. */
export function endSoon(
  { deps, env, pool, background }: Pick<Work, "deps" | "env" | "pool" | "background">,
  request: EndRequest,
): void {
  const waiting = endings(deps.memory).get(pool.name) ?? { requests: [], bytes: 0, since: undefined };
  endings(deps.memory).set(pool.name, waiting);
  waiting.requests.push(request);
  waiting.bytes += request.outcome.kind === "answer" ? request.outcome.body.byteLength : 0;
  const flush = () => {
    const { requests } = waiting;
    waiting.requests = [];
    waiting.bytes = 0;
    return requests.length === 0 ? Promise.resolve() : quietly(coordinatorOf(env, pool.name).end(requests));
  };
  if (waiting.bytes > mostBytes) background(flush());
  else gather(deps, background, waiting, gatherMs, flush);
}
