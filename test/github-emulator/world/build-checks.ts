import { type BuildContext, timedId } from "./context.ts";
import { nodeId } from "./ids.ts";
import type { Annotation, CheckRun, CheckSuite, Commit, Repository, Run } from "./model.ts";
import type { CommitInput } from "./schema.ts";

type CheckInput = CommitInput["checks"][number];
type State = { status?: string | undefined; conclusion?: string | null | undefined };

/** A conclusion means completed; completed without one means success; nothing said means both. */
export function settle(input: State): { status: string; conclusion: string | null } {
  if (input.conclusion) return { status: "completed", conclusion: input.conclusion };
  const status = input.status ?? "completed";
  return { status, conclusion: status === "completed" ? "success" : null };
}

export function newSuite(
  context: BuildContext,
  repository: Repository,
  app: string,
  sha: string,
  branch: string | null,
  created_at: string,
  run: Run | null,
): CheckSuite {
  const id = context.ids.timed("suite", created_at);
  const suite: CheckSuite = {
    id,
    node_id: nodeId("CS", repository.id, id),
    sha,
    branch,
    app,
    run,
    checks: [],
    created_at,
  };
  repository.suites.push(suite);
  return suite;
}

export function annotations(inputs: CheckInput["annotations"]): Annotation[] {
  return inputs.map((each) => ({ ...each, end_line: each.end_line ?? each.start_line }));
}

/** Adds check runs to a commit, one suite for each App. */
export function addChecks(
  context: BuildContext,
  repository: Repository,
  commit: Commit,
  inputs: CheckInput[],
  branch: string | null,
): void {
  for (const input of inputs) {
    const suite =
      repository.suites.find((each) => each.sha === commit.sha && each.app === input.app && !each.run) ??
      newSuite(context, repository, input.app, commit.sha, branch, commit.committer.date, null);
    const { status, conclusion } = settle(input);
    const started_at =
      input.started_at === undefined
        ? status === "queued"
          ? null
          : context.after(commit.committer.date, 30)
        : input.started_at;
    const id = timedId(context, "check", input.id, started_at ?? commit.committer.date);
    const completed = input.completed_at ?? context.after(started_at ?? commit.committer.date, 90);
    const check: CheckRun = {
      id,
      node_id: nodeId("CR", repository.id, id),
      suite,
      name: input.name,
      app: input.app,
      status,
      conclusion,
      started_at,
      completed_at: status === "completed" ? completed : null,
      details_url: input.details_url === undefined ? `https://ci.example.com/${id}` : input.details_url,
      external_id: input.external_id,
      output: input.output,
      annotations: annotations(input.annotations),
      job: null,
    };
    suite.checks.push(check);
  }
}
