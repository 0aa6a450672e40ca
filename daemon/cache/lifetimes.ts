/**
 * How long this machine keeps an answer, at most: a local copy saves a request to the relay, and does not decide
 * freshness. The relay's own remaining time always holds too.
 */

import { type RouteKind, routeByKind } from "../../shared/routes/table.ts";
import { unsettledSeconds } from "../../shared/routes/unsettled.ts";

/** Seconds, by how soon an answer of the class may be out of date. CI is as fresh as at the relay. */
export const localSeconds = { activeCi: unsettledSeconds, list: 10, detail: 15, immutable: 600 } as const;
type LocalClass = keyof typeof localSeconds;

/** The kinds whose class does not follow from their name. */
const named: Partial<Record<RouteKind, LocalClass>> = {
  commit_view: "immutable",
  git_blob: "immutable",
  git_commit: "immutable",
  git_tag: "immutable",
  git_tree: "immutable",
  // Names: every list reads them, and they rarely change.
  user_view: "immutable",
  workflow_list: "immutable",
  workflow_view: "immutable",
  run_view: "activeCi",
  run_jobs: "activeCi",
  run_artifacts: "activeCi",
  run_list: "activeCi",
  workflow_run_list: "activeCi",
  job_view: "activeCi",
  ref_statuses: "activeCi",
  check_suite_view: "activeCi",
  check_suite_check_runs: "activeCi",
  check_run_annotations: "activeCi",
  search_issues: "list",
  search_code: "list",
  search_commits: "list",
  search_repositories: "list",
  pr_files: "list",
  pr_commits: "list",
  pr_reviews: "list",
};

/** The relay gives this lifetime only to answers that a re-run cannot change. */
export const unchangingSeconds = 6 * 3600;

/** The class of a kind, given how long the relay itself keeps this answer (seconds). */
export function localClass(kind: RouteKind, relaySeconds: number): LocalClass {
  if (relaySeconds >= unchangingSeconds) return "immutable";
  const byName = named[kind];
  if (byName) return byName;
  if (/^commit_(check|status)/.test(kind)) return "activeCi";
  return /_(list|comments|labels|reactions|pulls|assets)$/.test(kind) ? "list" : "detail";
}

/** Seconds past its freshness at the relay for which an answer may stand in during an outage. */
export function staleSeconds(kind: RouteKind): number {
  const cache = routeByKind.get(kind)?.cache;
  if (cache === undefined || !("stale" in cache)) return 0;
  return typeof cache.stale === "number" ? cache.stale : shortestStale;
}

/** Where the window depends on a state that only the relay knows, the shorter one counts. */
const shortestStale = 300;
