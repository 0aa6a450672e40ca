/** The reads that run commands share. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { orNotFound } from "../github/not-found.ts";
import { type RestWorkflow, readWorkflow } from "../github/workflows.ts";
import { unlessMissing } from "../reads/missing.ts";
import type { ReadOptions, ReadQuery } from "../reads/options.ts";
import { jobSchema, type RestJob, type RestRun, runSchema } from "./model.ts";

const runsSchema = z.looseObject({ total_count: z.number().int(), workflow_runs: z.array(runSchema) });
const jobsSchema = z.looseObject({ total_count: z.number().int(), jobs: z.array(jobSchema) });

/** gh asks for runs without the pull requests in them; they make a body several times as large. */
const withoutPulls = ["exclude_pull_requests", "true"] as const;

/** Each carries two repositories, some 11 kB: a hundred are more than the relay takes in one answer. */
export const runsPerPage = 50;

/** Runs of a repository, newest first, or of one of its workflows. */
export function readRuns(
  context: Context,
  repository: RepositoryName,
  options: {
    readonly workflowId?: number;
    readonly filters?: ReadQuery;
    readonly limit: number;
    readonly live?: boolean;
  },
): Promise<{ readonly total: number; readonly runs: readonly RestRun[] }> {
  const { workflowId, filters = [], limit, live = false } = options;
  const workflow = workflowId === undefined ? [] : ["workflows", workflowId];
  let total = 0;
  return context.reads
    .envelopeUpTo(
      repositoryPath(repository, "actions", ...workflow, "runs"),
      runsSchema,
      (body) => {
        total = body.total_count;
        return { items: body.workflow_runs, total: body.total_count };
      },
      {
        query: [withoutPulls, ...filters],
        limit,
        perPage: Math.min(limit, runsPerPage),
        identity: ({ id }) => id,
        live,
      },
    )
    .then(({ items }) => ({ total, runs: items }));
}

/** One run, or one attempt of it; `orListed`: also from a fresh list in this machine's memory. */
export async function readRun(
  context: Context,
  repository: RepositoryName,
  id: string | number,
  options: Pick<ReadOptions, "live" | "orListed"> & { readonly attempt?: number } = {},
): Promise<RestRun> {
  const { attempt = 0, live = false, orListed = false } = options;
  const path = repositoryPath(repository, "actions", "runs", id, ...(attempt > 0 ? ["attempts", attempt] : []));
  const run = await orNotFound(context.reads.get(path, runSchema, { query: [withoutPulls], live, orListed }), {
    before: "failed to get run: ",
    url: `${path}?${withoutPulls.join("=")}`,
  });
  if (attempt === 0) return run;
  // Go's url.JoinPath would also tidy the URL; GitHub's needs none.
  return { ...run, html_url: `${run.html_url.replace(/\/$/, "")}/attempts/${attempt}` };
}

/** One job, by its id. */
export function readJob(context: Context, repository: RepositoryName, id: string): Promise<RestJob> {
  const path = repositoryPath(repository, "actions", "jobs", id);
  return orNotFound(context.reads.get(path, jobSchema), { before: "failed to get job: ", url: path });
}

/** All jobs of a run's latest attempt, or of the attempt named. */
export function readJobs(
  context: Context,
  repository: RepositoryName,
  id: string | number,
  options: Pick<ReadOptions, "live"> & { readonly attempt?: number } = {},
): Promise<readonly RestJob[]> {
  const { attempt = 0, live = false } = options;
  const path = repositoryPath(repository, "actions", "runs", id, ...(attempt > 0 ? ["attempts", attempt] : []), "jobs");
  return context.reads.envelope(path, jobsSchema, (body) => ({ items: body.jobs, total: body.total_count }), {
    identity: (job) => job.id,
    live,
  });
}

/** Names of the runs' workflows by workflow id; those of deleted workflows are asked for one by one. */
export async function readWorkflowNames(
  context: Context,
  repository: RepositoryName,
  runs: readonly RestRun[],
  catalogue: Promise<readonly RestWorkflow[]> | undefined,
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(runs.map((run) => run.workflow_id));
  if (wanted.size === 0 || catalogue === undefined) return new Map();
  const names = new Map((await catalogue).map(({ id, name }) => [id, name] as const));
  const missing = [...wanted].filter((id) => !names.has(id));
  await Promise.all(missing.map(async (id) => names.set(id, (await readWorkflow(context, repository, id)).name)));
  return names;
}

const annotationSchema = z.looseObject({
  path: z.string().nullish(),
  start_line: z.number().int().nullish(),
  annotation_level: z.string().nullish(),
  message: z.string().nullish(),
});
export type JobAnnotation = z.infer<typeof annotationSchema> & { readonly jobName: string };

/** More jobs than this are asked for their annotations only where their check run counts any. */
const fewJobs = 3;

/** Annotations of several jobs, in the order of the jobs. */
export async function readAllAnnotations(
  context: Context,
  repository: RepositoryName,
  run: RestRun,
  jobs: readonly RestJob[],
): Promise<readonly JobAnnotation[]> {
  const suite = run.check_suite_id;
  const counts = suite && jobs.length > fewJobs ? await readCounts(context, repository, suite) : undefined;
  const annotated = jobs.filter((job) => counts?.get(job.id) !== 0);
  return (await mapInTurn(annotated, (job) => readAnnotations(context, repository, job))).flat();
}

const checkRunsSchema = z.looseObject({
  total_count: z.number().int(),
  check_runs: z.array(
    z.looseObject({ id: z.number().int(), output: z.looseObject({ annotations_count: z.number().int() }) }),
  ),
});

/** How many annotations each check run of a suite has. A job and its check run have one id. */
async function readCounts(
  context: Context,
  repository: RepositoryName,
  suite: number,
): Promise<ReadonlyMap<number, number>> {
  const runs = await context.reads.envelope(
    repositoryPath(repository, "check-suites", suite, "check-runs"),
    checkRunsSchema,
    (body) => ({ items: body.check_runs, total: body.total_count }),
    { query: [["filter", "all"]], identity: ({ id }) => id },
  );
  return new Map(runs.map(({ id, output }) => [id, output.annotations_count]));
}

/** Reads that one command may have in progress at once. */
const atOnce = 8;

async function mapInTurn<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  const rest = items.entries();
  const work = async () => {
    for (const [at, item] of rest) results[at] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}

/** The first page of a job's annotations, which is all that gh shows; none where there is no such check run. */
export async function readAnnotations(
  context: Context,
  repository: RepositoryName,
  job: RestJob,
): Promise<readonly JobAnnotation[]> {
  const path = repositoryPath(repository, "check-runs", job.id, "annotations");
  const annotations = await context.reads.get(path, z.array(annotationSchema)).catch(unlessMissing);
  return annotations?.map((annotation) => ({ ...annotation, jobName: job.name })) ?? [];
}

const artifactsSchema = z.looseObject({
  total_count: z.number().int(),
  artifacts: z.array(z.looseObject({ id: z.number().int(), name: z.string(), expired: z.boolean() })),
});

/** Names of a run's artifacts. */
export function readArtifacts(context: Context, repository: RepositoryName, id: number) {
  return context.reads.envelope(
    repositoryPath(repository, "actions", "runs", id, "artifacts"),
    artifactsSchema,
    (body) => ({ items: body.artifacts, total: body.total_count }),
    { identity: (artifact) => artifact.id },
  );
}
