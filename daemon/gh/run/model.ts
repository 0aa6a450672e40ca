/** Workflow runs and jobs as GitHub's REST API has them, and gh's texts for them (pkg/cmd/run/shared). */
import * as z from "zod";
import { type ColorScheme, type Paint, plainText } from "../terminal/colors.ts";
import { goDuration } from "../terminal/times.ts";

const id = z.number().int().nonnegative();
const text = z.string().nullish();

export const runSchema = z.looseObject({
  id,
  name: text,
  display_title: text,
  head_branch: text,
  head_sha: z.string(),
  run_number: id,
  run_attempt: id.optional(),
  event: z.string(),
  status: text,
  conclusion: text,
  workflow_id: id,
  check_suite_id: id.nullish(),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  run_started_at: text,
  head_commit: z.looseObject({ message: text }).nullish(),
  head_repository: z.looseObject({ name: text, owner: z.looseObject({ login: z.string() }).nullish() }).nullish(),
});
export type RestRun = z.infer<typeof runSchema>;

const stepSchema = z.looseObject({
  name: z.string(),
  status: text,
  conclusion: text,
  number: z.number().int(),
  started_at: text,
  completed_at: text,
});

export const jobSchema = z.looseObject({
  id,
  run_id: id,
  name: z.string(),
  status: text,
  conclusion: text,
  started_at: text,
  completed_at: text,
  html_url: text,
  steps: z.array(stepSchema).nullish(),
});
export type RestJob = z.infer<typeof jobSchema>;

/** Values of `--status`. */
export const statuses = [
  "queued",
  "completed",
  "in_progress",
  "requested",
  "waiting",
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "skipped",
  "stale",
  "startup_failure",
  "success",
  "timed_out",
] as const;

const failures: ReadonlySet<string> = new Set(["action_required", "failure", "startup_failure", "timed_out"]);

/** Whether gh counts a conclusion as a failure. */
export function isFailure(conclusion: string | null | undefined): boolean {
  return failures.has(conclusion ?? "");
}

/** The fields that runs, jobs and steps share. */
export interface Progress {
  readonly status?: string | null | undefined;
  readonly conclusion?: string | null | undefined;
}

interface Symbol {
  readonly text: string;
  readonly color: Paint;
}

/** The mark in front of a run, a job or a step. */
export function symbolOf({ status, conclusion }: Progress, colors: ColorScheme): Symbol {
  if (status !== "completed") return { text: "*", color: colors.yellow };
  if (conclusion === "success") return { text: "✓", color: colors.green };
  if (conclusion === "skipped" || conclusion === "neutral") return { text: "-", color: colors.gray };
  return { text: "X", color: colors.red };
}

/** The mark of an annotation. */
export function annotationSymbol(level: string | null | undefined, colors: ColorScheme): Symbol {
  if (level === "failure") return { text: "X", color: colors.red };
  return level === "warning" ? { text: "!", color: colors.yellow } : { text: "-", color: plainText };
}

/** A run's own title, or the first line of its commit. */
export function titleOf(run: RestRun): string {
  if (run.display_title) return run.display_title;
  return (run.head_commit?.message ?? "").split("\n")[0] ?? "";
}

/** When the latest attempt began, as GitHub writes it. */
export function startOf(run: RestRun): string {
  return run.run_started_at ?? run.created_at;
}

/** How long a run took, or has taken until `now`, in whole seconds, as Go prints a duration. */
export function elapsedOf(run: RestRun, now: number): string {
  const end = run.status === "completed" ? Date.parse(run.updated_at) : now;
  const elapsed = end - Date.parse(startOf(run));
  return elapsed < 0 ? "0s" : goDuration(Math.round(elapsed / 1000) * 1000);
}

/** ` in 1m5s`; empty while a job runs. */
export function jobTime(job: RestJob): string {
  if (!job.started_at && !job.completed_at) return " in 0s";
  if (!job.completed_at) return "";
  // Go counts from the year 1 where there is no start, and no duration is that long.
  if (!job.started_at) return " in 2562047h47m16.854775807s";
  const elapsed = Date.parse(job.completed_at) - Date.parse(job.started_at);
  return elapsed < 0 ? "" : ` in ${goDuration(elapsed)}`;
}
