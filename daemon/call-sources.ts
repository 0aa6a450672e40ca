/**
 * For each read of one call: the source of its answer, and the answer that memory holds. The one rule for
 * answers and for their explanation.
 */

import { vouchersOf } from "../shared/events/gates.ts";
import type { Price } from "../shared/explanation.ts";
import { resourceOf } from "./cache/resource.ts";
import { repositoryOfPath } from "./freshness/named-repositories.ts";
import type { EngineDependencies, Filter, Invocation } from "./gh/engine.ts";
import { machineOf } from "./machine.ts";
import type { PersonalAccess } from "./personal/access.ts";
import type { PreparedCall } from "./prepare-call.ts";
import type { ReadRequest } from "./reader.ts";
import type { DaemonWorld } from "./world.ts";

/** An answer that some callers may not see whole: the caller's own token reads it, or the real gh. */
export const answerWasCut = "fields were removed from the shared answer";

/** `own`: GitHub, with the caller's own token. `none`: only the real gh. With the reason why the pool is not asked. */
type Source =
  | { readonly kind: "pool"; readonly askerId: string }
  | { readonly kind: "own"; readonly reason: string }
  | { readonly kind: "none"; readonly reason: string };

type Own = Pick<PersonalAccess, "held" | "price" | "asked">;

/** Sends no request. */
export function sourcesOf(world: DaemonWorld, { known, switches }: Pick<PreparedCall, "known" | "switches">, own: Own) {
  const askerId = known?.id;
  const sourceOf = (request: ReadRequest): Source => {
    const { host, graphql, viewer, path } = request;
    if (host && graphql) return { kind: "none", reason: "the pool answers queries of github.com alone" };
    if (host) return { kind: "own", reason: `it is on ${host.name}` };
    if (graphql) return sourceOfQuery(world, askerId, graphql.read);
    if (viewer !== undefined) return { kind: "own", reason: viewer };
    if (askerId === undefined) return { kind: "own", reason: "not logged in" };
    const repository = switches.noFallback ? undefined : repositoryOfPath(path);
    const hidden = repository !== undefined && world.personal.privates.has(askerId, repository);
    return hidden ? { kind: "own", reason: "repo_not_public" } : { kind: "pool", askerId };
  };
  const isOwn = (request: ReadRequest) => sourceOf(request).kind === "own";
  const held = (request: ReadRequest) => (askerId === undefined ? undefined : world.reads.held(request, askerId));
  return {
    sourceOf,
    isOwn,
    held,
    isPushed: (request: ReadRequest) => askerId !== undefined && isPushed(world, askerId, request),
    isHere: (request: ReadRequest) => askerId !== undefined && world.reads.price(request, askerId) === "kept",
    listed: async (request: ReadRequest) => (askerId === undefined ? undefined : world.reads.listed(request, askerId)),
    price: async (request: ReadRequest): Promise<Price> => {
      const source = sourceOf(request);
      if (source.kind === "pool") return world.reads.price(request, source.askerId);
      // Without a token it will not be read at all.
      return source.kind === "own" ? own.price(request).catch(() => "shared" as const) : "shared";
    },
    recall: async (request: ReadRequest) => (isOwn(request) ? own.held(request).catch(() => undefined) : held(request)),
    asked: (request: ReadRequest) => own.asked(request).catch(() => 0),
  };
}

/** Whether the relay may answer it with an entry that events vouch for. */
function isPushed({ events, reads }: DaemonWorld, askerId: string, request: ReadRequest): boolean {
  const resource = request.vouched && resourceOf(request);
  const families = resource && vouchersOf(resource.kind, events.gatesOf(askerId));
  if (!families || resource.repository === undefined || reads.isWritten(resource)) return false;
  return events.hears(askerId, resource.repository, families);
}

/** Only the pool answers a query; the real gh asks with its own token. */
function sourceOfQuery({ personal }: DaemonWorld, askerId: string | undefined, query: Repository): Source {
  if (askerId === undefined) return { kind: "none", reason: "not logged in" };
  const { owner, name } = query;
  const refused = [`${owner}/${name}`, queriesOf(query)].some((each) => personal.privates.has(askerId, each));
  return refused
    ? { kind: "none", reason: "the pool refused queries of this repository a moment ago" }
    : { kind: "pool", askerId };
}

interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** The name under which it is remembered that the pool refused queries of a repository. */
export function queriesOf({ owner, name }: Repository): string {
  return `graphql ${owner}/${name}`;
}

/** The facts about the caller's machine for an engine. */
export function surroundingsOf(
  world: DaemonWorld,
  invocation: Invocation,
  signal: AbortSignal,
): Pick<EngineDependencies, "now" | "readText" | "git" | "ghHosts" | "sshHost" | "ghVersion" | "filter"> {
  const { filter } = world;
  return {
    now: world.now,
    ...machineOf(invocation, signal),
    ghVersion: () => world.ghVersions.of(invocation.env),
    ...(filter && { filter: (wanted: Filter) => filter.run(wanted, invocation) }),
  };
}
