/** The checks of a commit: check runs and commit statuses as GraphQL's rollup lists them. */

import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { zeroTime } from "../go/dates.ts";
import { compareStrings } from "../go/strings.ts";
import type { Live } from "../reads/options.ts";
import { everyPage } from "../reads/paging.ts";
import { inAnyOrder } from "./any-order.ts";
import {
  checkRunsSchema,
  combinedStatusSchema,
  type RestCheckRun,
  type RestStatus,
  type RestWorkflowRun,
  workflowRunsSchema,
  workflowsSchema,
} from "./schemas.ts";

/** A check run or a commit status, in GraphQL's form (upper case, empty strings and the zero time for null). */
export type CheckContext =
  | {
      readonly kind: "CheckRun";
      readonly name: string;
      readonly workflowName: string;
      readonly event: string;
      readonly status: string;
      readonly conclusion: string;
      readonly startedAt: string;
      readonly completedAt: string;
      readonly detailsUrl: string;
    }
  | {
      readonly kind: "StatusContext";
      readonly context: string;
      readonly state: string;
      readonly targetUrl: string;
      readonly createdAt: string;
      readonly description: string;
    };

interface ChecksOptions {
  readonly live?: Live;
  /** Prints the checks without their workflows: workflows are then read only if the order of checks depends on them. */
  readonly show?: ((checks: readonly CheckContext[]) => unknown) | undefined;
}

/**
 * Reads all checks of a commit. Workflow names come from the workflows themselves, never from a run's title. Where this
 * machine knows that the repository has workflows, its runs are asked for at the same time as the checks.
 */
export async function readChecks(
  context: Context,
  repository: RepositoryName,
  sha: string,
  { live = false, show }: ChecksOptions = {},
): Promise<readonly CheckContext[]> {
  const at = (...segments: string[]) => repositoryPath(repository, "commits", sha, ...segments);
  const identity = { identity: (item: { readonly id: number }) => item.id, live };
  const usesActions =
    show === undefined && context.reads.held(workflowsPath(repository), workflowsSchema, everyPage) !== undefined;
  const early = usesActions ? readCatalogue(context, repository, sha) : undefined;
  early?.catch(() => undefined);
  const [runs, statuses] = await Promise.all([
    context.reads.envelope(
      at("check-runs"),
      checkRunsSchema,
      (body) => ({ items: body.check_runs, total: body.total_count }),
      identity,
    ),
    context.reads.envelope(
      at("status"),
      combinedStatusSchema,
      (body) => ({ items: body.statuses, total: body.total_count }),
      identity,
    ),
  ]);
  const contextsOf = (inOrder: readonly RestCheckRun[], named: ReadonlyMap<number, WorkflowOfSuite> = new Map()) => [
    ...inOrder.map((run) => checkRun(run, named)),
    ...statuses.map(commitStatus),
  ];
  const suites = new Set(runs.filter(byActions).map((run) => run.check_suite?.id ?? 0));
  const anyOrder = show && suites.size > 0 ? inAnyOrder(runs, (order) => show(contextsOf(order))) : undefined;
  if (anyOrder) return contextsOf(anyOrder);
  const workflows = suites.size > 0 ? await readWorkflowsOf(context, repository, { sha, suites, early }) : new Map();
  return contextsOf(rollupOrder(runs, workflows, context), workflows);
}

interface WorkflowOfSuite {
  readonly name: string;
  readonly event: string;
}

function byActions(run: RestCheckRun): boolean {
  return run.app?.slug === "github-actions" && run.check_suite !== null;
}

interface Catalogue {
  readonly runs: readonly RestWorkflowRun[];
  /** Names of the repository's workflows, by id. */
  readonly names: ReadonlyMap<number, string>;
}

async function readCatalogue(context: Context, repository: RepositoryName, sha: string): Promise<Catalogue> {
  const [runs, names] = await Promise.all([
    readSuites(context, repository, sha),
    readNames(context, repository, false),
  ]);
  return { runs, names };
}

interface Wanted {
  readonly sha: string;
  /** Those whose workflow is wanted. */
  readonly suites: ReadonlySet<number>;
  readonly early: Promise<Catalogue> | undefined;
}

/** Workflow and event of each check suite of a commit. */
async function readWorkflowsOf(context: Context, repository: RepositoryName, { sha, suites, early }: Wanted) {
  const knows = (runs: readonly RestWorkflowRun[]) => {
    const known = new Set(runs.map((run) => run.check_suite_id));
    return [...suites].every((suite) => known.has(suite));
  };
  const { runs: seen, names } = await (early ?? readCatalogue(context, repository, sha));
  const runs = knows(seen) ? seen : await readSuites(context, repository, sha, true);
  const isNamed = (known: ReadonlyMap<number, string>) => runs.every((run) => known.has(run.workflow_id));
  const catalogue = isNamed(names) ? names : await readNames(context, repository, true);
  const bySuite = new Map<number, WorkflowOfSuite>();
  for (const run of runs) {
    const name =
      catalogue.get(run.workflow_id) ?? context.native(`workflow ${run.workflow_id} is not in the catalogue`);
    bySuite.set(run.check_suite_id, { name, event: run.event });
  }
  return bySuite;
}

/**
 * The runs of a commit, for the fields that cannot change: check suite, workflow, event. An answer of any age from this
 * machine or the pool suffices, as long as it has the wanted suite.
 */
async function readSuites(context: Context, repository: RepositoryName, sha: string, live = false) {
  const path = repositoryPath(repository, "actions", "runs");
  const query = [["head_sha", sha]] as const;
  const held = live ? undefined : context.reads.held(path, workflowRunsSchema, [...query, ...everyPage]);
  if (held && held.total_count === held.workflow_runs.length && held.total_count > 0) return held.workflow_runs;
  return context.reads.envelope(
    path,
    workflowRunsSchema,
    (body) => ({ items: body.workflow_runs, total: body.total_count }),
    { query, identity: (run) => run.id, live, anyAge: !live },
  );
}

const workflowsPath = (repository: RepositoryName) => repositoryPath(repository, "actions", "workflows");

/** As {@link readPages} asks for the first page. */

async function readNames(
  context: Context,
  repository: RepositoryName,
  live: boolean,
): Promise<ReadonlyMap<number, string>> {
  const workflows = await context.reads.envelope(
    workflowsPath(repository),
    workflowsSchema,
    (body) => ({ items: body.workflows, total: body.total_count }),
    { identity: (workflow) => workflow.id, live },
  );
  return new Map(workflows.map(({ id, name }) => [id, name]));
}

/**
 * GraphQL's order: suites by the name of their workflow or App, the newest first among equals; in a suite the checks
 * as they were created (seen in cli/cli#9079 and cli/cli#9973). REST lists the newest first.
 */
function rollupOrder(
  runs: readonly RestCheckRun[],
  workflows: ReadonlyMap<number, WorkflowOfSuite>,
  context: Context,
): readonly RestCheckRun[] {
  const suite = (run: RestCheckRun) => run.check_suite?.id ?? 0;
  const sortBy = (appTitle: (run: RestCheckRun) => string) => {
    const title = (run: RestCheckRun) => workflows.get(suite(run))?.name ?? appTitle(run);
    return runs.toSorted((a, b) => compareStrings(title(a), title(b)) || suite(b) - suite(a) || a.id - b.id);
  };
  const bySlug = sortBy((run) => run.app?.slug ?? "");
  // Whether an App counts by its name or by its slug is not known; nearly always both give the same order.
  const byName = sortBy((run) => run.app?.name ?? run.app?.slug ?? "");
  return bySlug.every((run, index) => run === byName[index])
    ? bySlug
    : context.native("the order of several Apps' checks");
}

function checkRun(run: RestCheckRun, workflows: ReadonlyMap<number, WorkflowOfSuite>): CheckContext {
  const workflow = byActions(run) && run.check_suite ? workflows.get(run.check_suite.id) : undefined;
  return {
    kind: "CheckRun",
    name: run.name,
    workflowName: workflow?.name ?? "",
    event: workflow?.event ?? "",
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? "",
    startedAt: run.started_at ?? zeroTime,
    completedAt: run.completed_at ?? zeroTime,
    detailsUrl: run.details_url ?? "",
  };
}

function commitStatus(status: RestStatus): CheckContext {
  return {
    kind: "StatusContext",
    context: status.context,
    state: status.state.toUpperCase(),
    targetUrl: status.target_url ?? "",
    createdAt: status.created_at,
    description: status.description ?? "",
  };
}

/** A check in `statusCheckRollup`, keys sorted as Go sorts a map's. */
export function exportCheck(check: CheckContext): object {
  if (check.kind === "StatusContext") {
    const { context, createdAt, state, targetUrl } = check;
    return { __typename: check.kind, context, startedAt: createdAt, state, targetUrl };
  }
  const { completedAt, conclusion, detailsUrl, name, startedAt, status, workflowName } = check;
  return { __typename: check.kind, completedAt, conclusion, detailsUrl, name, startedAt, status, workflowName };
}
