/** Workflow runs, jobs, checks and commit statuses. */
import { day, hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const actionRoutes = {
  commit_statuses: {
    paths: ["/repos/:owner/:repo/commits/:sha/statuses"],
    class: "pool",
    cache: { fresh: "checks", stale: 5 * minute },
  },
  commit_statuses_ref: {
    paths: ["/repos/:owner/:repo/commits/:ref/statuses"],
    class: "pool",
    cache: { fresh: "checks_by_ref", stale: 5 * minute },
  },
  commit_check_runs: {
    paths: ["/repos/:owner/:repo/commits/:sha/check-runs"],
    class: "pool",
    objects: "job",
    cache: { fresh: "checks", stale: 5 * minute },
    queryDefaults: { filter: "latest" },
  },
  commit_check_runs_ref: {
    paths: ["/repos/:owner/:repo/commits/:ref/check-runs"],
    class: "pool",
    objects: "job",
    cache: { fresh: "checks_by_ref", stale: 5 * minute },
    queryDefaults: { filter: "latest" },
  },
  commit_check_suites: {
    paths: ["/repos/:owner/:repo/commits/:sha/check-suites"],
    class: "pool",
    cache: { fresh: "checks", stale: 5 * minute },
  },
  commit_check_suites_ref: {
    paths: ["/repos/:owner/:repo/commits/:ref/check-suites"],
    class: "pool",
    cache: { fresh: "checks_by_ref", stale: 5 * minute },
  },
  check_suite_view: {
    paths: ["/repos/:owner/:repo/check-suites/:id"],
    class: "pool",
    cache: { fresh: "checks", stale: 5 * minute },
    queryKeys: [],
  },
  check_suite_check_runs: {
    paths: ["/repos/:owner/:repo/check-suites/:id/check-runs"],
    class: "pool",
    objects: "job",
    cache: { fresh: "checks", stale: 5 * minute },
    queryKeys: ["check_name", "status", "filter", "per_page", "page"],
    queryDefaults: { filter: "latest" },
  },
  commit_status: {
    paths: ["/repos/:owner/:repo/commits/:sha/status"],
    class: "pool",
    cache: { fresh: "checks", stale: 5 * minute },
  },
  commit_status_ref: {
    paths: ["/repos/:owner/:repo/commits/:ref/status"],
    class: "pool",
    cache: { fresh: "checks_by_ref", stale: 5 * minute },
  },
  ref_statuses: {
    paths: ["/repos/:owner/:repo/statuses/:sha"],
    class: "pool",
    cache: { fresh: "checks", stale: 5 * minute },
  },
  run_list: {
    paths: ["/repos/:owner/:repo/actions/runs"],
    class: "pool",
    objects: "run",
    cache: { fresh: "run_list", stale: 5 * minute },
  },
  run_view: {
    paths: ["/repos/:owner/:repo/actions/runs/:id", "/repos/:owner/:repo/actions/runs/:id/attempts/:attempt"],
    class: "pool",
    objects: "run",
    cache: { fresh: "run", stale: "terminal_attempt" },
  },
  run_jobs: {
    paths: ["/repos/:owner/:repo/actions/runs/:id/jobs", "/repos/:owner/:repo/actions/runs/:id/attempts/:attempt/jobs"],
    class: "pool",
    objects: "job",
    cache: { fresh: "jobs", stale: "terminal_attempt" },
  },
  run_artifacts: {
    paths: ["/repos/:owner/:repo/actions/runs/:id/artifacts"],
    class: "pool",
    cache: { fresh: minute, stale: 30 * minute },
  },
  job_view: {
    paths: ["/repos/:owner/:repo/actions/jobs/:id"],
    class: "pool",
    objects: "job",
    cache: { fresh: "job", stale: "terminal_job" },
  },
  job_logs: {
    paths: ["/repos/:owner/:repo/actions/jobs/:id/logs"],
    class: "pool",
    cache: { store: "object", fresh: 7 * day, probe: hour },
    large: true,
    logs: true,
  },
  check_run_annotations: {
    paths: ["/repos/:owner/:repo/check-runs/:id/annotations"],
    class: "pool",
    cache: { fresh: minute, stale: 30 * minute },
  },
  workflow_list: {
    paths: ["/repos/:owner/:repo/actions/workflows"],
    class: "pool",
    cache: { fresh: hour, stale: 30 * minute },
  },
  workflow_view: {
    paths: ["/repos/:owner/:repo/actions/workflows/:workflow"],
    class: "pool",
    cache: { fresh: hour, stale: 30 * minute },
  },
  workflow_run_list: {
    paths: ["/repos/:owner/:repo/actions/workflows/:workflow/runs"],
    class: "pool",
    objects: "run",
    cache: { fresh: "run_list", stale: 5 * minute },
  },
} as const satisfies Record<string, RouteRow>;
