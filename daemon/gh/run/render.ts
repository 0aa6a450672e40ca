/** The parts that `run view` and `run watch` print (pkg/cmd/run/shared/presentation.go). */
import type { ColorScheme } from "../terminal/colors.ts";
import { relativeTime } from "../terminal/times.ts";
import {
  annotationSymbol,
  isFailure,
  jobTime,
  type Progress,
  type RestJob,
  type RestRun,
  startOf,
  symbolOf,
} from "./model.ts";
import type { JobAnnotation } from "./reads.ts";

interface Heading {
  readonly run: RestRun;
  readonly workflowName: string;
  /** ` owner/name#7`, or empty. */
  readonly pull: string;
  /** 0 for the latest. */
  readonly attempt: number;
}

/** Two lines, without a line end. */
export function renderHeading({ run, workflowName, pull, attempt }: Heading, now: number, colors: ColorScheme): string {
  const title = `${colors.bold(run.head_branch ?? "")} ${workflowName}${pull}`;
  const label = attempt > 0 ? ` (Attempt #${attempt})` : "";
  const when = relativeTime(now, Date.parse(startOf(run)));
  return `${mark(run, colors)} ${title} · ${colors.cyan(String(run.id))}${label}\nTriggered via ${run.event} ${when}`;
}

/** A line for each job, and for each step where it failed or `verbose` asks. */
export function renderJobs(jobs: readonly RestJob[], verbose: boolean, colors: ColorScheme): string {
  return jobs
    .flatMap((job) => {
      const line = `${mark(job, colors)} ${colors.bold(job.name)}${jobTime(job)} (ID ${colors.cyan(String(job.id))})`;
      if (!verbose && !isFailure(job.conclusion)) return [line];
      return [line, ...(job.steps ?? []).map((step) => `  ${mark(step, colors)} ${step.name}`)];
    })
    .join("\n");
}

/** Each annotation and its place, with an empty line after. */
export function renderAnnotations(annotations: readonly JobAnnotation[], colors: ColorScheme): string {
  return annotations
    .flatMap((annotation) => {
      const symbol = annotationSymbol(annotation.annotation_level, colors);
      const place = `${annotation.jobName}: ${annotation.path ?? ""}#${annotation.start_line ?? 0}\n`;
      return [`${symbol.color(symbol.text)} ${annotation.message ?? ""}`, colors.gray(place)];
    })
    .join("\n");
}

/** A coloured mark. */
function mark(progress: Progress, colors: ColorScheme): string {
  const { text, color } = symbolOf(progress, colors);
  return color(text);
}
