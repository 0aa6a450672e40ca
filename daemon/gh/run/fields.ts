/** `--json` of runs: the value of each field. */

import { told } from "../github/schemas.ts";
import { goTime } from "../go/time.ts";
import type { GhRelease } from "../versions.ts";
import type { RestJob, RestRun } from "./model.ts";

export const runFields = [
  "attempt",
  "name",
  "displayTitle",
  "headBranch",
  "headSha",
  "createdAt",
  "updatedAt",
  "startedAt",
  "status",
  "conclusion",
  "event",
  "number",
  "databaseId",
  "workflowDatabaseId",
  "workflowName",
  "url",
] as const;

export const singleRunFields = [...runFields, "jobs"] as const;
type RunField = (typeof singleRunFields)[number];

/** A run with its additional reads. */
interface RunDetails {
  readonly run: RestRun;
  /** Only where `workflowName` was asked for. */
  readonly workflowName: string;
  /** Only where `jobs` was asked for. */
  readonly jobs: readonly RestJob[];
}

const values: Readonly<Record<RunField, (details: RunDetails, gh: GhRelease) => unknown>> = {
  name: ({ run }) => run.name ?? "",
  displayTitle: ({ run }) => run.display_title ?? "",
  headBranch: ({ run }) => run.head_branch ?? "",
  headSha: ({ run }) => run.head_sha,
  createdAt: ({ run }) => goTime(run.created_at),
  updatedAt: ({ run }) => goTime(run.updated_at),
  startedAt: ({ run }) => goTime(run.run_started_at),
  status: ({ run }) => run.status ?? "",
  conclusion: ({ run }) => run.conclusion ?? "",
  event: ({ run }) => run.event,
  number: ({ run }) => run.run_number,
  databaseId: ({ run }) => run.id,
  workflowDatabaseId: ({ run }) => run.workflow_id,
  workflowName: ({ workflowName }) => workflowName,
  url: ({ run }) => run.html_url,
  attempt: ({ run }) => told(run.run_attempt, "the attempt"),
  jobs: ({ jobs }, gh) => jobs.map((job) => projectJob(job, gh)),
};

/** The fields asked for. */
export function projectRun(fields: readonly RunField[], details: RunDetails, gh: GhRelease): object {
  return Object.fromEntries(fields.map((field) => [field, values[field](details, gh)]));
}

/** A job's keys are a Go map's: sorted. */
function projectJob(job: RestJob, gh: GhRelease): object {
  const steps = job.steps ?? [];
  const timed = steps.length > 0 && gh.has("stepTimes");
  return {
    completedAt: goTime(job.completed_at),
    conclusion: job.conclusion ?? "",
    databaseId: job.id,
    name: job.name,
    startedAt: goTime(job.started_at),
    status: job.status ?? "",
    steps: steps.map((step) => ({
      ...(timed && { completedAt: goTime(step.completed_at) }),
      conclusion: step.conclusion ?? "",
      name: step.name,
      number: step.number,
      ...(timed && { startedAt: goTime(step.started_at) }),
      status: step.status ?? "",
    })),
    url: job.html_url ?? "",
  };
}
