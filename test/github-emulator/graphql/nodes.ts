import type { Pull, Repository } from "../world/model.ts";
import { type GraphqlViewer, part } from "./context.ts";

/** Every object with a global id, as far as the viewer may see it. */
export function findNode(viewer: GraphqlViewer, id: string): object | null {
  for (const [nodeId, node] of allNodes(viewer)) if (nodeId === id) return node;
  return null;
}

export function findPull(viewer: GraphqlViewer, id: string): Pull | undefined {
  for (const repository of readable(viewer)) {
    for (const thread of repository.threads.values()) {
      if (thread.kind === "pull" && thread.node_id === id) return thread;
    }
  }
  return undefined;
}

function readable(viewer: GraphqlViewer): Repository[] {
  return [...viewer.world.repositories.values()].filter((repository) => viewer.mayRead(repository));
}

function* allNodes(viewer: GraphqlViewer): Generator<[string, object]> {
  for (const account of viewer.world.accounts.values()) yield [account.node_id, account];
  for (const { teams } of viewer.world.organizations.values()) for (const team of teams) yield [team.node_id, team];
  for (const repository of readable(viewer)) {
    yield [repository.node_id, repository];
    yield* repositoryNodes(repository);
  }
}

function* repositoryNodes(repository: Repository): Generator<[string, object]> {
  for (const label of repository.labels) yield [label.node_id, part("Label", label, repository)];
  for (const milestone of repository.milestones) yield [milestone.node_id, part("Milestone", milestone, repository)];
  for (const release of repository.releases) yield [release.node_id, part("Release", release, repository)];
  for (const workflow of repository.workflows) yield [workflow.node_id, workflow];
  for (const run of repository.runs) yield [run.node_id, run];
  for (const suite of repository.suites) {
    yield [suite.node_id, suite];
    for (const check of suite.checks) yield [check.node_id, check];
  }
  for (const thread of repository.threads.values()) {
    yield [thread.kind === "pull" ? thread.node_id : thread.issue_node_id, thread];
    for (const comment of thread.comments) yield [comment.node_id, part("IssueComment", comment, thread)];
    if (thread.kind !== "pull") continue;
    for (const review of thread.reviews) yield [review.node_id, part("PullRequestReview", review, thread)];
  }
}
