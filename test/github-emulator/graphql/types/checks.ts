import type { CheckRun, CheckSuite, Run, Status, Workflow } from "../../world/model.ts";
import { type rollupContexts, rollupState } from "../checks.ts";
import { connection, type PageArguments } from "../connection.ts";
import type { GraphqlViewer, Part } from "../context.ts";
import { enumName } from "../names.ts";
import { findPull } from "../nodes.ts";
import type { CommitPart } from "../parts.ts";

type RollupPart = Part<"StatusCheckRollup", ReturnType<typeof rollupContexts>, CommitPart>;
interface RequiredArguments {
  pullRequestId?: string | null;
  pullRequestNumber?: number | null;
}

export const checks = {
  StatusCheckRollup: {
    id: (rollup: RollupPart) => `SCR_${rollup.in.of.sha}`,
    state: (rollup: RollupPart) => rollupState(rollup.of),
    commit: (rollup: RollupPart) => rollup.in,
    contexts: (rollup: RollupPart, page: PageArguments) => ({
      ...connection(rollup.of, page, "contexts"),
      ...counts(rollup.of),
    }),
  },
  CheckRun: {
    id: (check: CheckRun) => check.node_id,
    databaseId: (check: CheckRun) => check.id,
    checkSuite: (check: CheckRun) => check.suite,
    status: (check: CheckRun) => enumName(check.status),
    conclusion: (check: CheckRun) => enumName(check.conclusion),
    startedAt: (check: CheckRun) => check.started_at,
    completedAt: (check: CheckRun) => check.completed_at,
    detailsUrl: (check: CheckRun) => check.details_url,
    url: (check: CheckRun) => check.details_url,
    externalId: (check: CheckRun) => check.external_id,
    title: (check: CheckRun) => check.output.title,
    summary: (check: CheckRun) => check.output.summary,
    text: (check: CheckRun) => check.output.text,
    isRequired: (check: CheckRun, wanted: RequiredArguments, viewer: GraphqlViewer) =>
      isRequired(check.name, wanted, viewer),
  },
  StatusContext: {
    id: (status: Status) => status.node_id,
    state: (status: Status) => enumName(status.state),
    targetUrl: (status: Status) => status.target_url,
    createdAt: (status: Status) => status.created_at,
    creator: (status: Status) => status.creator,
    isRequired: (status: Status, wanted: RequiredArguments, viewer: GraphqlViewer) =>
      isRequired(status.context, wanted, viewer),
  },
  CheckSuite: {
    id: (suite: CheckSuite) => suite.node_id,
    databaseId: (suite: CheckSuite) => suite.id,
    workflowRun: (suite: CheckSuite) => suite.run,
    createdAt: (suite: CheckSuite) => suite.created_at,
    app: (suite: CheckSuite) => ({ slug: suite.app, name: suite.app }),
    checkRuns: (suite: CheckSuite, page: PageArguments) => connection(suite.checks, page, "checkRuns"),
  },
  WorkflowRun: {
    id: (run: Run) => run.node_id,
    databaseId: (run: Run) => run.id,
    runNumber: (run: Run) => run.number,
    event: (run: Run) => run.event,
    workflow: (run: Run) => run.workflow,
    url: (run: Run) => `https://github.com/${run.repository.full_name}/actions/runs/${run.id}`,
    createdAt: (run: Run) => run.created_at,
  },
  Workflow: {
    id: (workflow: Workflow) => workflow.node_id,
    databaseId: (workflow: Workflow) => workflow.id,
    state: (workflow: Workflow) => enumName(workflow.state),
    createdAt: (workflow: Workflow) => workflow.created_at,
    updatedAt: (workflow: Workflow) => workflow.updated_at,
  },
};

function isRequired(name: string, { pullRequestId }: RequiredArguments, viewer: GraphqlViewer): boolean {
  const pull = pullRequestId ? findPull(viewer, pullRequestId) : undefined;
  const branch = pull?.repository.branches.get(pull.base.ref);
  return branch?.required_checks.includes(name) ?? false;
}

function counts(contexts: RollupPart["of"]): object {
  const checkRuns = contexts.filter((context) => "suite" in context);
  const statuses = contexts.filter((context) => "context" in context);
  return {
    checkRunCount: checkRuns.length,
    statusContextCount: statuses.length,
    checkRunCountsByState: tally(checkRuns.map((check) => enumName(check.conclusion ?? check.status))),
    statusContextCountsByState: tally(statuses.map((status) => enumName(status.state))),
  };
}

function tally(states: readonly (string | null)[]): { state: string | null; count: number }[] {
  return [...Map.groupBy(states, (state) => state)].map(([state, all]) => ({ state, count: all.length }));
}
