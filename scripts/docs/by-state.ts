/** How long answers live whose body decides it: the rules of shared/routes/freshness.ts, asked with bodies of each state. */
import { classify, type FreshnessContext, type Lifetime, lifetimeOf } from "../../shared/routes/index.ts";
import type { StateRule } from "../../shared/routes/types.ts";

interface StateRow {
  readonly state: string;
  /** One for each extreme. */
  readonly lifetimes: readonly Lifetime[];
}

const now = Date.parse("2026-01-01T00:00:00Z");
/** Where the age of the last change decides: just now, and long ago. */
const ages = [new Date(now).toISOString(), "2016-01-01T00:00:00Z"] as const;
const run = "/repos/o/r/actions/runs/1";
const commit = "/repos/o/r/commits/main";

interface Sample {
  readonly path: string;
  readonly state: string;
  readonly bodies: readonly unknown[];
  readonly context?: Partial<FreshnessContext>;
}

const pull = (state: string, merged: boolean) =>
  ages.map((updated_at) => ({ state, updated_at, merged_at: merged ? updated_at : null }));
const checks = (status: string) =>
  ages.map((completed_at) => ({ total_count: 1, check_runs: [{ status, completed_at }] }));

/** {@link checks} of a commit that a name leads to. */
const checkStates = (path: string): readonly Sample[] => [
  { path, state: "all settled", bodies: checks("completed") },
  { path, state: "else", bodies: checks("queued") },
];

const samples: Readonly<Record<StateRule, readonly Sample[]>> = {
  pull: [
    { path: "/repos/o/r/pulls/1", state: "open", bodies: pull("open", false) },
    { path: "/repos/o/r/pulls/1", state: "closed unmerged", bodies: pull("closed", false) },
    { path: "/repos/o/r/pulls/1", state: "merged", bodies: pull("closed", true) },
  ],
  pull_files: [
    {
      path: "/repos/o/r/pulls/1/files",
      state: "of a head that is proven",
      bodies: [[]],
      context: { headVerified: true },
    },
    { path: "/repos/o/r/pulls/1/files", state: "else", bodies: [[]] },
  ],
  issue: [
    { path: "/repos/o/r/issues/1", state: "open", bodies: [{ state: "open" }] },
    { path: "/repos/o/r/issues/1", state: "closed", bodies: [{ state: "closed" }] },
  ],
  checks: checkStates(`/repos/o/r/commits/${"a".repeat(40)}/check-runs`),
  checks_by_ref: checkStates(`${commit}/check-runs`),
  run_list: [{ path: "/repos/o/r/actions/runs", state: "any", bodies: [{ workflow_runs: [] }] }],
  run: [
    { path: `${run}/attempts/1`, state: "completed, its attempt named", bodies: [{ status: "completed" }] },
    { path: run, state: "completed", bodies: ages.map((updated_at) => ({ status: "completed", updated_at })) },
    { path: run, state: "else", bodies: [{ status: "queued" }] },
  ],
  jobs: [
    {
      path: `${run}/attempts/1/jobs`,
      state: "of a completed attempt that is named",
      bodies: [{ jobs: [{ status: "completed" }] }],
      context: { attemptCompleted: true },
    },
    {
      path: `${run}/jobs`,
      state: "all completed",
      bodies: ages.map((completed_at) => ({ jobs: [{ status: "completed", completed_at }] })),
    },
    { path: `${run}/jobs`, state: "else", bodies: [{ jobs: [] }] },
  ],
  job: [
    { path: "/repos/o/r/actions/jobs/1", state: "completed", bodies: [{ status: "completed" }] },
    { path: "/repos/o/r/actions/jobs/1", state: "else", bodies: [{ status: "queued" }] },
  ],
};

/** By rule, in the order of the page. */
export const byState: readonly (readonly [rule: string, rows: readonly StateRow[]])[] = Object.entries(samples).map(
  ([rule, list]) => [
    rule,
    list.map(({ path, state, bodies, context }) => ({ state, lifetimes: asked(path, bodies, context) })),
  ],
);

function asked(path: string, bodies: readonly unknown[], context: Partial<FreshnessContext> = {}): readonly Lifetime[] {
  const classified = classify(path);
  if (!classified) throw new Error(`No route is ${path}.`);
  return bodies.flatMap((body) => lifetimeOf(classified, body, { now, ...context }) ?? []);
}
