/** Checks as `gh pr checks` counts and sorts them (pkg/cmd/pr/checks/aggregate.go). */
import type { CheckContext } from "../github/commit-checks.ts";
import { formatDuration, secondsBetween, zeroTime } from "../go/dates.ts";
import { goSort } from "../go/sort.ts";
import { compareStrings } from "../go/strings.ts";

export type CheckBucket = "pass" | "fail" | "pending" | "skipping" | "cancel";

export interface PullRequestCheck {
  readonly name: string;
  /** GraphQL's value: `SUCCESS`, `IN_PROGRESS`. */
  readonly state: string;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly bucket: CheckBucket;
  /** `1m7s`; empty when it has not run for a time. */
  readonly elapsed: string;
  readonly link: string;
  readonly description: string;
  readonly workflow: string;
  readonly event: string;
}

const buckets = new Map<string, CheckBucket>([
  ["SUCCESS", "pass"],
  ["SKIPPED", "skipping"],
  ["NEUTRAL", "skipping"],
  ["ERROR", "fail"],
  ["FAILURE", "fail"],
  ["TIMED_OUT", "fail"],
  ["ACTION_REQUIRED", "fail"],
  ["CANCELLED", "cancel"],
]);

/** The newest of each name, the newest start first; of those, the accepted ones. */
export function aggregate(
  contexts: readonly CheckContext[],
  accepts: (context: CheckContext) => boolean = () => true,
): readonly PullRequestCheck[] {
  return newestOnly(contexts).filter(accepts).map(toCheck);
}

/** As gh's table is sorted. */
export function sortForTable(checks: readonly PullRequestCheck[]): readonly PullRequestCheck[] {
  return goSort(checks, comesBefore);
}

function toCheck(context: CheckContext): PullRequestCheck {
  if (context.kind === "StatusContext") {
    const { context: name, targetUrl: link, description, state } = context;
    const bucket = buckets.get(state) ?? "pending";
    const never = { startedAt: zeroTime, completedAt: zeroTime, elapsed: "", workflow: "", event: "" };
    return { name, state, link, description, bucket, ...never };
  }
  const { name, status, conclusion, startedAt, completedAt, detailsUrl, workflowName, event } = context;
  const seconds = secondsBetween(startedAt, completedAt) ?? 0;
  const state = status === "COMPLETED" ? conclusion : status;
  return {
    name,
    state,
    startedAt,
    completedAt,
    bucket: buckets.get(state) ?? "pending",
    elapsed: seconds > 0 ? formatDuration(seconds) : "",
    link: detailsUrl,
    description: "",
    workflow: workflowName,
    event,
  };
}

/** gh puts the newest start first and keeps the first of each name; statuses have no start. */
function newestOnly(contexts: readonly CheckContext[]): readonly CheckContext[] {
  const start = (context: CheckContext) => (context.kind === "CheckRun" ? Date.parse(context.startedAt) : zero);
  const seen = new Set<string>();
  return goSort(contexts, (a, b) => start(a) > start(b)).filter((context) => {
    const key =
      context.kind === "StatusContext"
        ? `status ${context.context}`
        : `run ${context.name}/${context.workflowName}/${context.event}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const zero = Date.parse(zeroTime);

/** gh's own comparison, which does not order everything; where it does not, its sort decides. */
function comesBefore(a: PullRequestCheck, b: PullRequestCheck): boolean {
  if (a.bucket !== b.bucket) return a.bucket === "fail";
  if (a.name !== b.name) return compareStrings(a.name, b.name) < 0;
  return compareStrings(a.link, b.link) < 0;
}
