/**
 * Lists that other commands read by the hundred. A list that fits on a page of thirty is the same bytes on a page of a
 * hundred, so that `gh api` without a page size shares their answer: a change is asked for once, not once for each size.
 */
import * as z from "zod";
import { jsonSpellings } from "../../../shared/media-types.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import { classify, type RouteKind } from "../../../shared/routes/index.ts";
import { usualPageSize } from "../../../shared/routes/query.ts";
import type { ReadAnswer } from "../../reader.ts";
import type { ReadQuery } from "../reads/options.ts";
import { everyPage } from "../reads/paging.ts";
import type { Reads } from "../reads/reads.ts";
import type { ApiRequest } from "./request.ts";

const kinds: ReadonlySet<RouteKind> = new Set(["commit_check_runs", "commit_status", "run_jobs"]);

const listSchema = z.looseObject({ total_count: z.number().int() });

/**
 * The query under which the other commands have this list; undefined where the page is another, or where this machine
 * saw that the list is longer than the page.
 */
export function hundredOf(
  reads: Reads,
  { path, headers }: Pick<ApiRequest, "path" | "headers">,
  query: ReadQuery,
): ReadQuery | undefined {
  if (query.some(([name]) => name === "per_page" || name === "page")) return undefined;
  if (!jsonSpellings.has((headers.accept ?? "").toLowerCase())) return undefined;
  const kind = classify(path)?.route.kind;
  if (kind === undefined || !kinds.has(kind)) return undefined;
  const wide: ReadQuery = [...query, ...everyPage];
  const seen = reads.held(path, listSchema, wide, { evenPart: true });
  return seen !== undefined && seen.total_count > usualPageSize ? undefined : wide;
}

/** Whether the page of a hundred equals GitHub's page of thirty; a refusal does not depend on the size. */
export function isSamePage({ status, headers, body }: ReadAnswer): boolean {
  if (status >= 400) return true;
  const list = listSchema.safeParse(parseJson(new TextDecoder().decode(body))).data;
  return status === 200 && headers.link === undefined && list !== undefined && list.total_count <= usualPageSize;
}
