/**
 * Everything of a world that GitHub tells of by webhook: its state now, and the event that tells of its
 * change.
 */
import { checkRun, commitStatus, job, run } from "../render/actions.ts";
import { release } from "../render/releases.ts";
import { label, milestone } from "../render/repositories.ts";
import { issueComment, issueItem, pullView, review, reviewComment } from "../render/threads.ts";
import type { Repository, World } from "../world/model.ts";

export type Facts = Readonly<Record<string, unknown>>;

export interface HookSubject {
  readonly event: string;
  /** The event of a change. */
  readonly facts: Facts;
  /** The payload's members beside action and repository. */
  readonly payload: () => Record<string, unknown>;
}

/** By a name that stays while the thing does. */
export function subjectsOf(world: World, repository: Repository): Map<string, HookSubject> {
  const subjects = new Map<string, HookSubject>();
  const add = (name: string, event: string, facts: Facts, payload: HookSubject["payload"]) =>
    subjects.set(name, { event, facts, payload });
  for (const [number, thread] of repository.threads) {
    const common = {
      title: thread.title,
      body: thread.body,
      state: thread.state,
      labels: thread.labels.map(({ name }) => name),
      assignees: thread.assignees.map(({ login }) => login),
      milestone: thread.milestone?.number,
      locked: thread.locked,
      updated_at: thread.updated_at,
    };
    if (thread.kind === "pull") {
      const facts = {
        ...common,
        draft: thread.draft,
        merged: thread.merged,
        head: thread.head.sha,
        base: thread.base.ref,
      };
      add(`pull ${number}`, "pull_request", facts, () => ({ number, pull_request: pullView(world, thread) }));
      for (const each of thread.reviews) {
        const facts = { state: each.state, body: each.body };
        const about = () => ({ pull_request: pullView(world, thread) });
        add(`review ${each.id}`, "pull_request_review", facts, () => ({ ...about(), review: review(thread, each) }));
        for (const comment of each.comments) {
          add(`review comment ${comment.id}`, "pull_request_review_comment", { body: comment.body }, () => ({
            ...about(),
            comment: reviewComment(thread, comment),
          }));
        }
      }
    } else add(`issue ${number}`, "issues", common, () => ({ issue: issueItem(thread) }));
    for (const comment of thread.comments) {
      add(`comment ${comment.id}`, "issue_comment", { body: comment.body }, () => ({
        issue: issueItem(thread),
        comment: issueComment(thread, comment),
      }));
    }
  }
  for (const each of repository.runs) {
    const attempt = each.attempts.at(-1);
    const facts = { number: attempt?.number, status: attempt?.status, conclusion: attempt?.conclusion };
    add(`run ${each.id}`, "workflow_run", facts, () => ({ workflow_run: run(each) }));
    for (const one of attempt?.jobs ?? []) {
      const facts = { status: one.status, conclusion: one.conclusion };
      add(`job ${one.id}`, "workflow_job", facts, () => ({ workflow_job: job(one) }));
    }
  }
  for (const suite of repository.suites) {
    for (const check of suite.checks) {
      const facts = { status: check.status, conclusion: check.conclusion };
      add(`check ${check.id}`, "check_run", facts, () => ({ check_run: checkRun(world, repository, check) }));
    }
  }
  for (const { sha, statuses } of repository.commits.values()) {
    for (const each of statuses) {
      add(`status ${each.id}`, "status", { state: each.state }, () => ({
        ...commitStatus(repository, sha, each),
        sha,
        id: each.id,
        branches: [],
      }));
    }
  }
  for (const { name, sha } of repository.branches.values()) add(`branch ${name}`, "push", { name, sha }, () => ({}));
  for (const { name } of repository.tags.values()) add(`tag ${name}`, "create", { name }, () => ({}));
  for (const each of repository.releases) {
    const facts = { name: each.name, body: each.body, draft: each.draft, assets: each.assets.length };
    add(`release ${each.id}`, "release", facts, () => ({ release: release(repository, each) }));
  }
  for (const each of repository.labels) {
    const facts = { name: each.name, color: each.color, description: each.description };
    add(`label ${each.id}`, "label", facts, () => ({ label: label(repository, each) }));
  }
  for (const each of repository.milestones) {
    const facts = { title: each.title, state: each.state };
    add(`milestone ${each.id}`, "milestone", facts, () => ({ milestone: milestone(repository, each) }));
  }
  const { visibility, full_name, description, archived, default_branch } = repository;
  const facts = { visibility, full_name, description, archived, default_branch, topics: [...repository.topics] };
  add("repository", "repository", facts, () => ({}));
  return subjects;
}
