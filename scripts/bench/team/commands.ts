/** The commands of the mix, by tag, as people, agents and bots type them. */
import type { Day } from "./day.ts";
import type { Field, Moment } from "./trace-types.ts";

interface Shape {
  readonly field: Field;
  readonly args: (repo: string, subject: string) => readonly string[];
}

const runFields = "databaseId,status,conclusion,name,headSha";

export const shapes = {
  "pr-checks": { field: "ci", args: (repo, n) => ["pr", "checks", n, "-R", repo] },
  "pr-view-rollup": { field: "gate", args: (repo, n) => view(repo, n, "state,mergeable,statusCheckRollup") },
  "pr-view-decision": {
    field: "gate",
    args: (repo, n) => view(repo, n, "state,mergeable,statusCheckRollup,reviewDecision"),
  },
  "pr-view-state": { field: "gate", args: (repo, n) => view(repo, n, "state,mergedAt,mergeCommit") },
  "pr-view-head": { field: "gate", args: (repo, n) => view(repo, n, "state,headRefOid") },
  "pr-view-description": { field: "descriptive", args: (repo, n) => view(repo, n, "title,body,labels,author") },
  "pr-view-files": { field: "descriptive", args: (repo, n) => view(repo, n, "files,additions,deletions,title") },
  "pr-view-reviews": { field: "descriptive", args: (repo, n) => view(repo, n, "title,body,comments,reviews") },
  "pr-view": { field: "descriptive", args: (repo, n) => ["pr", "view", n, "-R", repo] },
  "pr-view-comments": { field: "descriptive", args: (repo, n) => ["pr", "view", n, "-R", repo, "--comments"] },
  "pr-diff": { field: "descriptive", args: (repo, n) => ["pr", "diff", n, "-R", repo] },
  "pr-status": { field: "descriptive", args: (repo) => ["pr", "status", "-R", repo] },
  "pr-list": { field: "descriptive", args: (repo) => ["pr", "list", "-R", repo] },
  "pr-list-json": {
    field: "descriptive",
    args: (repo) => ["pr", "list", "-R", repo, "--json", "number,title,headRefName,author,isDraft"],
  },
  "issue-view": { field: "descriptive", args: (repo, n) => ["issue", "view", n, "-R", repo] },
  "issue-view-json": {
    field: "descriptive",
    args: (repo, n) => ["issue", "view", n, "-R", repo, "--json", "title,body,labels,state"],
  },
  "issue-view-body": {
    field: "descriptive",
    args: (repo, n) => ["issue", "view", n, "-R", repo, "--json", "title,body"],
  },
  "issue-list": { field: "descriptive", args: (repo) => ["issue", "list", "-R", repo] },
  "issue-list-json": {
    field: "descriptive",
    args: (repo) => ["issue", "list", "-R", repo, "--json", "number,title,labels,state"],
  },
  "run-list": { field: "ci", args: (repo) => ["run", "list", "-R", repo, "-L", "10"] },
  "run-list-dashboard": {
    field: "ci",
    args: (repo) => [
      "run",
      "list",
      "-R",
      repo,
      "-L",
      "20",
      "--json",
      "databaseId,status,conclusion,workflowName,headBranch",
    ],
  },
  "run-list-branch": {
    field: "ci",
    args: (repo, branch) => ["run", "list", "-R", repo, "--branch", branch, "--json", runFields, "-L", "5"],
  },
  "run-view-json": {
    field: "ci",
    args: (repo, id) => ["run", "view", id, "-R", repo, "--json", "status,conclusion,jobs"],
  },
  "run-view": { field: "ci", args: (repo, id) => ["run", "view", id, "-R", repo] },
  "run-view-log": { field: "ci", args: (repo, id) => ["run", "view", id, "-R", repo, "--log-failed"] },
  "run-watch": { field: "ci", args: (repo, id) => ["run", "watch", id, "-R", repo, "--exit-status"] },
  "api-check-runs": { field: "ci", args: (repo, sha) => ["api", `repos/${repo}/commits/${sha}/check-runs`] },
  "api-pr-comments": { field: "descriptive", args: (repo, n) => ["api", `repos/${repo}/pulls/${n}/comments`] },
  "api-contents": { field: "descriptive", args: (repo, path) => ["api", `repos/${repo}/contents/${path}`] },
  "repo-view": {
    field: "descriptive",
    args: (repo) => ["repo", "view", repo, "--json", "name,description,defaultBranchRef"],
  },
  "release-view": {
    field: "descriptive",
    args: (repo, tag) => ["release", "view", tag, "-R", repo, "--json", "tagName,name,body,publishedAt"],
  },
  "release-list": { field: "descriptive", args: (repo) => ["release", "list", "-R", repo, "-L", "5"] },
} as const satisfies Record<string, Shape>;

export type ShapeTag = keyof typeof shapes;

function view(repo: string, number: string, fields: string): readonly string[] {
  return ["pr", "view", number, "-R", repo, "--json", fields];
}

interface Asking {
  readonly poll?: boolean;
  readonly watchUntil?: Moment;
}

/** `actor` types the command of that tag at `t`; `subject` is a number, a run, a branch, a path. */
export function ask(
  day: Day,
  t: Moment,
  actor: string,
  repo: string,
  tag: ShapeTag,
  subject: string | number = "",
  more: Asking = {},
): void {
  const { field, args } = shapes[tag];
  day.read(t, actor, repo, { tag, field, ...more }, args(repo, String(subject)));
}
