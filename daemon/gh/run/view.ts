/** `gh run view`, of a run or of one of its jobs. */

import { fullName, type RepositoryName } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { readWorkflow } from "../github/workflows.ts";
import { paints } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import type { ColorScheme } from "../terminal/colors.ts";
import { requireNoPager } from "../terminal/style.ts";
import { laterFields } from "../versions.ts";
import { projectRun, singleRunFields } from "./fields.ts";
import { isFailure, type RestJob, type RestRun } from "./model.ts";
import { pullNumber } from "./pull-number.ts";
import { readAllAnnotations, readArtifacts, readJob, readJobs, readRun } from "./reads.ts";
import { renderAnnotations, renderHeading, renderJobs } from "./render.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  attempt: { type: "uint", short: "a" },
  "exit-status": { type: "bool" },
  job: { type: "string", short: "j" },
  log: { type: "bool" },
  "log-failed": { type: "bool" },
  verbose: { type: "bool", short: "v" },
} as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const { args, context, flags: given } = call;
  const fields = await exporter(call, singleRunFields, laterFields.run);
  const [runId = ""] = args;
  const unnamed = args.length === 0 && given.job === "";
  if (unnamed && context.invocation.tty.stdin) context.native("gh may ask which run is meant");
  if (unnamed) call.refuse("run or job ID required when not running interactively");
  if (given.log && given["log-failed"]) call.refuse("specify only one of --log or --log-failed");
  if (given.log || given["log-failed"]) context.native("logs come as an archive");
  if (runId === "" && given.job === "") context.native("no run named");
  if (![runId, given.job].every((id) => /^\d*$/.test(id))) context.native("an id that is no number");
  if (runId !== "" && given.job !== "" && context.style.stdoutTty) context.native("both a run and a job");
  const repository = await context.repository.base("failed to determine base repo: ");
  const job = given.job === "" ? undefined : await readJob(context, repository, given.job);
  const target: Target = { repository, runId: job ? job.run_id : runId, job, attempt: given.attempt };
  if (!fields) return renderHuman(call, target);
  const attempt = { attempt: given.attempt, orListed: true };
  const workflowName = fields.has("workflowName");
  const [item, jobs] = await runFirst(
    readRun(context, repository, target.runId, attempt),
    fields.has("jobs") ? readJobs(context, repository, target.runId, attempt) : Promise.resolve([]),
  );
  const name = workflowName ? (await readWorkflow(context, repository, item.workflow_id)).name : "";
  const data = projectRun(fields.fields, { run: item, workflowName: name, jobs }, context.gh);
  return { stdout: await fields.write(data), exitCode: 0 };
}

/** Both are asked at once; for a missing run gh prints its message, in any order of the two answers. */
async function runFirst(
  run: Promise<RestRun>,
  jobs: Promise<readonly RestJob[]>,
): Promise<readonly [RestRun, readonly RestJob[]]> {
  jobs.catch(() => undefined);
  const item = await run;
  return [item, await jobs];
}

interface Target {
  readonly repository: RepositoryName;
  readonly runId: string | number;
  readonly job: RestJob | undefined;
  readonly attempt: number;
}

async function renderHuman(call: ViewCall, target: Target): Promise<Result> {
  const { context, flags: given } = call;
  const { repository, runId, job, attempt } = target;
  requireNoPager(context.invocation.env, context.style);
  const [item, jobs] = await runFirst(
    readRun(context, repository, runId, { attempt, orListed: true }),
    job ? Promise.resolve([job]) : readJobs(context, repository, runId, { attempt }),
  );
  const [workflow, pull, artifacts, annotations] = await Promise.all([
    readWorkflow(context, repository, item.workflow_id),
    pullNumber(context, repository, item),
    job ? [] : readArtifacts(context, repository, item.id),
    readAllAnnotations(context, repository, item, jobs),
  ]);
  const colors = paints(context);
  const heading = {
    run: item,
    workflowName: workflow.name,
    pull: pull === undefined ? "" : ` ${fullName(repository)}#${pull}`,
    attempt,
  };
  const start = `\n${renderHeading(heading, context.now(), colors)}\n\n`;
  if ((jobs.length === 0 && item.conclusion === "failure") || item.conclusion === "startup_failure") {
    return { stdout: start + brokenFile(item, colors), exitCode: given["exit-status"] ? 1 : 0 };
  }
  const parts = [
    start,
    job ? "" : `${colors.bold("JOBS")}\n`,
    `${renderJobs(jobs, job !== undefined || given.verbose, colors)}\n`,
    annotations.length > 0 ? `\n${colors.bold("ANNOTATIONS")}\n${renderAnnotations(annotations, colors)}\n` : "",
    artifacts.length > 0 ? `\n${colors.bold("ARTIFACTS")}\n` : "",
    ...artifacts.map(({ name, expired }) => `${name}${expired ? colors.gray(" (expired)") : ""}\n`),
    `\n${job ? jobHint(job) : runHint(item, jobs)}\n`,
    ...lastLine(item, context),
  ];
  const failed = isFailure(job ? job.conclusion : item.conclusion);
  return { stdout: parts.join(""), exitCode: given["exit-status"] && failed ? 1 : 0 };
}

/** The grey end of the line only matters where there are colours. */
function lastLine(item: RestRun, context: Context): readonly string[] {
  const { gray } = paints(context);
  const text = `View this run on GitHub: ${item.html_url}`;
  return context.style.color && !context.gh.has("grayLineEnds") ? [gray(`${text}\n`)] : [gray(text), "\n"];
}

function brokenFile(item: RestRun, colors: ColorScheme): string {
  const what = colors.bold("This run likely failed because of a workflow file issue.");
  return `${colors.red("X")} ${what}\n\nFor more information, see: ${colors.bold(item.html_url)}\n`;
}

function runHint(item: RestRun, jobs: readonly RestJob[]): string {
  if (isFailure(item.conclusion)) return `To see what failed, try: gh run view ${item.id} --log-failed`;
  const [only] = jobs;
  if (only && jobs.length === 1) {
    return `For more information about the job, try: gh run view --job=${only.id}`;
  }
  return "For more information about a job, try: gh run view --job=<job-id>";
}

function jobHint(job: RestJob): string {
  if (isFailure(job.conclusion)) {
    return `To see the logs for the failed steps, try: gh run view --log-failed --job=${job.id}`;
  }
  return `To see the full job log, try: gh run view --log --job=${job.id}`;
}

export const runView: Command = defineCommand({
  path: ["run", "view"],
  onServers: true,
  flags,
  json: { known: singleRunFields, later: laterFields.run },
  arguments: "optional",
  announceCache: true,
  run,
});
