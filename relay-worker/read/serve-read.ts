/** `POST /v1/github/request` and `/v1/github/graphql`: one read, from its body to its envelope. */
import type * as z from "zod";
import { bearerToken } from "../../shared/bearer.ts";
import { maxRequestBytes, type RelayRequest, relayRequestSchema } from "../../shared/envelope.ts";
import { fallbackLocal, OctopoolError } from "../../shared/errors.ts";
import { relayGraphqlSchema } from "../../shared/graphql/wire.ts";
import { isJsonExpected } from "../../shared/routes/index.ts";
import { type AuditRow, auditRow } from "../audit/row.ts";
import { audit } from "../audit/write.ts";
import { requireMember } from "../auth/caller.ts";
import type { CallerAuth } from "../auth/caller-auth.ts";
import { sha256Hex } from "../auth/tokens.ts";
import type { RelayContext } from "../context.ts";
import type { Deps } from "../deps.ts";
import { takesEvents } from "../env.ts";
import { readJsonBody } from "../http/body.ts";
import { logTrouble } from "../log.ts";
import { policyOf, purgedAt } from "../pools/definition.ts";
import { answer, answerUnasked } from "./answer.ts";
import { callsSpent, reasonOf } from "./fill/single-flight.ts";
import { type Known, lookUp } from "./known/lookup.ts";
import { type Plan, planRead } from "./plan.ts";
import { planGraphql } from "./plan-graphql.ts";
import { checkPolicy } from "./policy.ts";
import { envelopeResponse } from "./reply.ts";

/**
 * Runs to its end also when the caller disconnects: others may wait for the fill, and the runtime would end it without
 * running its `finally`.
 * @throws OctopoolError every refusal; the audit row is written here for each request that has a caller
 */
export function relayRead(context: RelayContext, request: Request): Promise<Response> {
  return toItsEnd(context, request, askedByPath);
}

/** {@link relayRead} for a GraphQL read. */
export function relayGraphql(context: RelayContext, request: Request): Promise<Response> {
  return toItsEnd(context, request, askedByQuery);
}

/** The read of a request body: its pool, and a function that plans the read once there is a caller. */
interface Asked {
  readonly pool: string;
  readonly plan: (context: RelayContext, tokenHash: string) => Promise<Plan>;
}

function askedByPath(body: unknown): Asked {
  const asked = demand(relayRequestSchema.safeParse(body));
  return { pool: asked.pool, plan: (context, tokenHash) => planFor(context, tokenHash, asked) };
}

function askedByQuery(body: unknown): Asked {
  const asked = demand(relayGraphqlSchema.safeParse(body));
  return { pool: asked.pool, plan: ({ deps }) => planGraphql(deps, asked) };
}

/** @throws OctopoolError invalid_request */
function demand<T>({ data, error }: z.ZodSafeParseResult<T>): T {
  if (data !== undefined) return data;
  throw new OctopoolError("invalid_request", `The request is not a read: ${error?.issues[0]?.message}.`);
}

function toItsEnd(context: RelayContext, request: Request, parse: (body: unknown) => Asked): Promise<Response> {
  const reading = readAudited(context, request, parse);
  context.background(settled(reading));
  return reading;
}

async function readAudited(
  context: RelayContext,
  request: Request,
  parse: (body: unknown) => Asked,
): Promise<Response> {
  const { deps, env } = context;
  const startedAt = deps.clock();
  const token = bearerToken(request.headers.get("authorization") ?? undefined);
  if (!token)
    throw new OctopoolError("missing_auth", "The relay needs a caller token.", { hint: "Run: octopool login" });
  const tokenHash = await sha256Hex(token);
  const row = auditRow(startedAt, "request", context.requestId);
  try {
    const asked = parse(await readJsonBody(request, maxRequestBytes));
    const response = await read(context, tokenHash, asked, row);
    finishRow(row, deps, response.status);
    return response;
  } catch (error) {
    describeFailure(row, deps, error);
    throw error;
  } finally {
    if (row.callerId !== null) audit(deps, env, context.background, row);
  }
}

async function read(context: RelayContext, tokenHash: string, asked: Asked, row: AuditRow): Promise<Response> {
  // An unauthorised request does not learn why the read would have been refused.
  const planned = await settled(asked.plan(context, tokenHash));
  const plan = "value" in planned ? planned.value : undefined;
  const known = await lookUpOrFallBack(context, tokenHash, asked.pool, plan);
  const caller = await memberOrFallBack(context, known.caller, row);
  row.pool = asked.pool;
  if (!plan) throw "error" in planned ? planned.error : new Error("a plan or its error");
  row.routeKind = plan.classified.route.kind;
  row.target = plan.repo || null;
  row.shape = plan.graphql?.shape ?? null;
  const policy = policyOf(known.pool);
  checkPolicy(policy, plan);
  const usable = usableOf(known, plan);
  const reply = plan.heldOnly
    ? answerUnasked(context, plan, usable)
    : await answer({ ...context, startedAt: row.at }, plan, usable, caller);
  if (!reply) return new Response(null, { status: 204 });
  row.cache = reply.pushed ? "pushed" : reply.cache;
  row.coalesced = reply.coalesced;
  row.githubCalls = reply.githubCalls;
  row.backend = reply.cache === "hit" || reply.cache === "stale" ? known.layer : reply.entry.answer.backend;
  row.identityId = reply.entry.answer.identity?.id ?? null;
  const { deps, env, requestId } = context;
  const events = takesEvents(env);
  return envelopeResponse(plan, { requestId, now: deps.clock(), events, gates: policy.gates ?? "ask" }, reply);
}

/** An entry that was purged, or lacks its kind's form, is not even revalidated. */
function usableOf(known: Known, plan: Plan): Known {
  const { entry, pool } = known;
  if (!entry) return known;
  const purged = entry.createdAt <= purgedAt(pool, entry.repo, entry.routeKind);
  const strange = entry.answer.status === 200 && entry.answer.encoding !== "json" && isJsonExpected(plan);
  return purged || strange ? { ...known, entry: undefined } : known;
}

/** `GET /user` is the caller's public profile. */
async function planFor(context: RelayContext, tokenHash: string, asked: RelayRequest): Promise<Plan> {
  if (asked.path !== "/user") return planRead(asked);
  const { caller } = await lookUpOrFallBack(context, tokenHash, asked.pool);
  if (!caller) throw invalidAuth();
  return planRead({ ...asked, path: `/users/${caller.githubLogin}` });
}

function invalidAuth(): OctopoolError {
  return new OctopoolError("invalid_auth", "The token is unknown here, or its pool was not granted.");
}

async function lookUpOrFallBack(context: RelayContext, tokenHash: string, pool: string, plan?: Plan): Promise<Known> {
  try {
    return await lookUp(context.deps, context.env, tokenHash, pool, plan);
  } catch (cause) {
    logTrouble("D1 failed", cause);
    throw storageUnavailable();
  }
}

function storageUnavailable(): OctopoolError {
  return fallbackLocal("relay_storage_unavailable", "The relay's database does not answer.");
}

/** Checks membership; a result that could not be stored counts as a failure of the database. */
async function memberOrFallBack(
  context: RelayContext,
  caller: CallerAuth | undefined,
  row: AuditRow,
): Promise<CallerAuth> {
  try {
    return await requireMember(context, caller, row);
  } catch (error) {
    throw error instanceof OctopoolError && error.code === "relay_overloaded" ? storageUnavailable() : error;
  }
}

function finishRow(row: AuditRow, deps: Deps, status: number): void {
  row.status = status;
  row.durationMs = deps.clock() - row.at;
}

function describeFailure(row: AuditRow, deps: Deps, error: unknown): void {
  const known = error instanceof OctopoolError ? error : undefined;
  finishRow(row, deps, known?.httpStatus ?? 500);
  row.errorCode = known?.code ?? "internal_error";
  row.fallbackReason = (known && reasonOf(known)) ?? null;
  row.githubCalls = known ? callsSpent(known) : 0;
}

async function settled<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
