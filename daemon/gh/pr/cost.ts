/** The cost of the reads for the fields of pull requests, compared with gh's own query. */
import * as z from "zod";
import type { Price } from "../../../shared/explanation.ts";
import type { GraphqlRequest } from "../../../shared/graphql/recognise.ts";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type Planned, pricesOf } from "../cost/prices.ts";
import { isQueryCheaper, reckon } from "../cost/reckoning.ts";
import { readsOfComments } from "../github/comments.ts";
import { everyPage } from "../reads/paging.ts";
import { type PullField, planFields } from "./fields.ts";
import { leaveToQuery } from "./query/own.ts";

const whole = { query: everyPage };

/** A pull request, as far as it is known. */
interface Subject {
  readonly number: number;
  readonly head?: { readonly sha: string } | undefined;
  readonly comments?: number | undefined;
}

const subjectSchema = z.looseObject({ head: z.looseObject({ sha: z.string() }), comments: z.number().optional() });

/**
 * Whether a query may be asked in place of the reads: these are more than the pull request itself, and none of them are
 * checks, which are polled, so that nearly every look is one of many.
 */
export function mayBeQueried(fields: readonly PullField[]): boolean {
  const { needs } = planFields(fields);
  if (needs.has("checks")) return false;
  return fields.includes("comments") || [...needs].some((need) => need !== "list" && need !== "detail");
}

/**
 * The reads beyond the pull request itself, at the least: a commit may have no runs behind its checks. Confirming that
 * its head has not moved is free.
 */
function readsBeside(
  repository: RepositoryName,
  { number, head, comments = 1 }: Subject,
  fields: readonly PullField[],
): readonly Planned[] {
  const { needs } = planFields(fields);
  const at = (...segments: (string | number)[]) => repositoryPath(repository, ...segments);
  // The checks of an unknown head are not held here either.
  const commit = (what: string) => at("commits", head?.sha ?? "unknown", what);
  const reads: readonly (readonly [needed: boolean, ...read: Planned])[] = [
    [needs.has("issue"), at("issues", number), {}],
    [needs.has("files"), at("pulls", number, "files"), whole],
    [needs.has("commits"), at("pulls", number, "commits"), whole],
    [needs.has("checks"), commit("check-runs"), whole],
    [needs.has("checks"), commit("status"), whole],
  ];
  const discussed = fields.includes("comments") && comments > 0;
  return [
    ...reads.filter(([needed]) => needed).map(([, path, options]): Planned => [path, options]),
    ...(discussed ? readsOfComments(repository, number) : []),
  ];
}

/** The cost of one pull request that the caller's own token reads. */
export async function pricesOfOne(
  context: Context,
  repository: RepositoryName,
  number: number,
  fields: readonly PullField[],
): Promise<readonly Price[]> {
  const path = repositoryPath(repository, "pulls", number);
  const price = await context.reads.price(path);
  const known = await context.reads.recalled(path, subjectSchema);
  return [price, ...(await pricesOf(context, readsBeside(repository, { ...known, number }, fields)))];
}

/** The reads of each of a list. */
export function readsOfEach(
  repository: RepositoryName,
  subjects: readonly Subject[],
  fields: readonly PullField[],
): readonly Planned[] {
  const { needs } = planFields(fields);
  const counts = needs.has("detail") || needs.has("files") || needs.has("commits");
  return subjects.flatMap((subject) => [
    ...(counts ? ([[repositoryPath(repository, "pulls", subject.number), {}]] as const) : []),
    ...readsBeside(repository, subject, fields),
  ]);
}

interface Query {
  readonly request: GraphqlRequest;
  readonly points: number;
}

/** Leaves the reads to gh's own query where that costs the caller less. */
export async function requireCheapest(
  context: Context,
  prices: readonly Price[],
  { request, points }: Query,
): Promise<void> {
  const reckoning = reckon(prices);
  if (reckoning.paid <= points) return;
  if (isQueryCheaper(reckoning, { points, asked: await context.reads.asked(request) }))
    leaveToQuery(`${points} instead of ${reckoning.paid} requests`);
}
