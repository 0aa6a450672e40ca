import { expect, test } from "vitest";
import { evidenceOf } from "../../../shared/events/evidence.ts";
import { parseEvent } from "../../../shared/events/payload.ts";
import { reflects } from "../../../shared/events/reflects.ts";

const t1 = "2026-01-01T00:00:01Z";
const t2 = "2026-01-01T00:00:02Z";
const t3 = "2026-01-01T00:00:03Z";

function evidence(event: string, payload: Readonly<Record<string, unknown>>) {
  const parsed = parseEvent(payload);
  const found = parsed && evidenceOf(event, parsed);
  if (!found) throw new Error("the payload lets nothing be compared");
  return found.evidence;
}

const pull = (updated_at: string, sha: string, state = "open") => ({ number: 7, updated_at, state, head: { sha } });
const ofPull = evidence("pull_request", { pull_request: pull(t2, "b") });
const run = (status: string, conclusion: string | null, run_attempt = 1) => ({
  id: 5,
  status,
  conclusion,
  run_attempt,
});
const ofRun = evidence("workflow_run", { workflow_run: { ...run("completed", "success"), head_sha: "x" } });
const ofStart = evidence("workflow_run", { workflow_run: { ...run("in_progress", null), head_sha: "x" } });
const ofCheck = evidence("check_run", {
  check_run: { id: 9, head_sha: "x", status: "completed", conclusion: "failure" },
});
const ofComment = evidence("issue_comment", {
  action: "edited",
  issue: { number: 1 },
  comment: { id: 3, updated_at: t2 },
});
const ofDeletion = evidence("issue_comment", {
  action: "deleted",
  issue: { number: 1 },
  comment: { id: 3, updated_at: t2 },
});
const ofPush = evidence("push", { ref: "refs/heads/main", after: "bb" });
const ofStatus = evidence("status", { id: 10, sha: "x", context: "ci" });

test.each([
  ["an older pull request", "pr_view", pull(t1, "a"), ofPull, false],
  ["the pull request of the event", "pr_view", pull(t2, "b"), ofPull, true],
  ["the time of the event with the head of before", "pr_view", pull(t2, "a"), ofPull, false],
  ["a pull request changed since", "pr_view", pull(t3, "c"), ofPull, true],
  ["an older item of a list", "pr_list", [pull(t1, "a")], ofPull, false],
  ["a list without the item", "pr_list", [], ofPull, undefined],
  ["another kind", "label_list", [], ofPull, undefined],
  ["a body that is no pull request", "pr_view", "<html>", ofPull, undefined],
  ["a run that still goes", "run_view", run("in_progress", null), ofRun, false],
  ["the completed run", "run_view", run("completed", "success"), ofRun, true],
  ["a later attempt of it", "run_view", run("queued", null, 2), ofRun, true],
  ["another conclusion", "run_view", run("completed", "failure"), ofRun, false],
  ["a run past its start", "run_view", run("completed", "success"), ofStart, true],
  ["a run before its start", "run_view", run("queued", null), ofStart, false],
  ["a list with the run of before", "run_list", { workflow_runs: [run("queued", null)] }, ofRun, false],
  ["a list without the run", "run_list", { workflow_runs: [] }, ofRun, undefined],
  [
    "a check of before",
    "commit_check_runs",
    { check_runs: [{ id: 9, status: "in_progress", conclusion: null }] },
    ofCheck,
    false,
  ],
  [
    "the completed check",
    "commit_check_runs",
    { check_runs: [{ id: 9, status: "completed", conclusion: "failure" }] },
    ofCheck,
    true,
  ],
  ["a comment of before", "issue_comments", [{ id: 3, updated_at: t1 }], ofComment, false],
  ["the edited comment", "issue_comments", [{ id: 3, updated_at: t2 }], ofComment, true],
  ["a page without the comment", "issue_comments", [{ id: 4, updated_at: t3 }], ofComment, undefined],
  ["a deleted comment that is still there", "issue_comments", [{ id: 3, updated_at: t1 }], ofDeletion, false],
  ["a branch before the push", "branch_view", { commit: { sha: "aa" } }, ofPush, false],
  ["the branch after it", "branch_view", { commit: { sha: "bb" } }, ofPush, true],
  ["the ref after it", "git_ref", { object: { sha: "bb" } }, ofPush, true],
  ["statuses of before", "commit_statuses", [{ id: 8, context: "ci" }], ofStatus, false],
  ["a combined status with it", "commit_status", { statuses: [{ id: 10, context: "ci" }] }, ofStatus, true],
  ["no status of that name", "commit_status", { statuses: [] }, ofStatus, undefined],
] as const)("%s", (_name, kind, body, of, expected) => {
  expect(reflects(kind, body, of)).toBe(expected);
});
