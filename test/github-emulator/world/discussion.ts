import * as z from "zod";
import { actor, association, id, instant, login, reactions, sha } from "./values.ts";

const comment = z.strictObject({
  id: id.optional(),
  author: actor,
  body: z.string(),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  association: association.optional(),
  reactions,
  /** Why it is hidden (GraphQL `minimizedReason`), e.g. `spam`. */
  minimized: z.string().optional(),
  /** The slug of the App it was written through. */
  app: z.string().optional(),
});

/**
 * An entry of the issue's history. Openings, closings, merges, labels, assignments and renames of writes are derived;
 * list others here.
 */
const event = z.strictObject({
  id: id.optional(),
  event: z.string(),
  actor,
  created_at: instant.optional(),
  commit_id: z.string().nullable().default(null),
  label: z.string().optional(),
  assignee: login.optional(),
  milestone: z.string().optional(),
  rename: z.strictObject({ from: z.string(), to: z.string() }).optional(),
  requested_reviewer: login.optional(),
  requested_team: z.string().optional(),
  /** For `cross-referenced`: the referring issue, as `owner/name#number`. */
  source: z.string().optional(),
  lock_reason: z.string().optional(),
});

/** The fields that issues and pull requests share. */
const shared = {
  /** Absent numbers are the next free ones, in the order of the file. */
  number: z.int().positive().optional(),
  id: id.optional(),
  title: z.string(),
  author: actor,
  body: z.string().nullable().default(null),
  state: z.enum(["open", "closed"]).optional(),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  closed_at: instant.optional(),
  closed_by: actor.optional(),
  association: association.optional(),
  labels: z.array(z.string()).default([]),
  assignees: z.array(login).default([]),
  /** The milestone's title. */
  milestone: z.string().optional(),
  locked: z.union([z.boolean(), z.enum(["off-topic", "too heated", "resolved", "spam"])]).default(false),
  comments: z.array(comment).default([]),
  reactions,
  events: z.array(event).default([]),
  /** Projects that it stands in, and in which column. */
  projects: z.array(z.strictObject({ title: z.string(), status: z.string().nullable().default(null) })).default([]),
};

export const issue = z.strictObject({
  ...shared,
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).optional(),
  pinned: z.boolean().default(false),
  /** The name of its issue type. */
  type: z.string().optional(),
  /** Numbers of the repository's issues that are parts of this one. */
  sub_issues: z.array(z.int().positive()).default([]),
  /** Numbers of the repository's issues that must be closed before this one. */
  blocked_by: z.array(z.int().positive()).default([]),
});

/** A changed file; counts not given are counted from the patch. */
export const changedFile = z.strictObject({
  path: z.string(),
  status: z.enum(["added", "modified", "removed", "renamed", "copied", "changed"]).default("modified"),
  previous_path: z.string().optional(),
  additions: z.int().nonnegative().optional(),
  deletions: z.int().nonnegative().optional(),
  /** Absent for binary files. */
  patch: z.string().optional(),
});

const signature = z.union([
  login,
  z.strictObject({ name: z.string(), email: z.string(), login: z.string().nullable().optional() }),
]);

const status = z.strictObject({
  id: id.optional(),
  context: z.string().default("default"),
  state: z.enum(["success", "failure", "error", "pending"]),
  description: z.string().nullable().default(null),
  target_url: z.string().nullable().default(null),
  creator: actor.optional(),
  created_at: instant.optional(),
  updated_at: instant.optional(),
});

export const annotation = z.strictObject({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int().optional(),
  start_column: z.int().nullable().default(null),
  end_column: z.int().nullable().default(null),
  level: z.enum(["notice", "warning", "failure"]).default("warning"),
  title: z.string().default(""),
  message: z.string(),
  raw_details: z.string().default(""),
});

export const runStatus = z.enum(["queued", "in_progress", "completed", "waiting", "requested", "pending"]);

export const conclusion = z.enum([
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
  "startup_failure",
  "stale",
]);

/** A check run of an App other than Actions (jobs of runs appear as check runs by themselves). */
const checkRun = z.strictObject({
  id: id.optional(),
  name: z.string(),
  app: z.string().default("ci-bot"),
  status: runStatus.optional(),
  conclusion: conclusion.nullable().optional(),
  started_at: instant.nullable().optional(),
  completed_at: instant.nullable().optional(),
  details_url: z.string().nullable().optional(),
  external_id: z.string().default(""),
  output: z
    .strictObject({
      title: z.string().nullable().default(null),
      summary: z.string().nullable().default(null),
      text: z.string().nullable().default(null),
    })
    .prefault({}),
  annotations: z.array(annotation).default([]),
});

export const commit = z.strictObject({
  sha: sha.optional(),
  message: z.string(),
  author: signature,
  committer: signature.optional(),
  date: instant.optional(),
  committed_at: instant.optional(),
  /** Shas; absent: the commit listed before it. */
  parents: z.array(sha).optional(),
  files: z.array(changedFile).default([]),
  verified: z.boolean().default(false),
  comments: z
    .array(z.strictObject({ ...comment.shape, path: z.string().optional(), line: z.int().optional() }))
    .default([]),
  statuses: z.array(status).default([]),
  checks: z.array(checkRun).default([]),
});

const reviewComment = z.strictObject({
  id: id.optional(),
  author: actor.optional(),
  body: z.string(),
  path: z.string(),
  line: z.int().nullable().default(1),
  start_line: z.int().nullable().default(null),
  side: z.enum(["LEFT", "RIGHT"]).default("RIGHT"),
  diff_hunk: z.string().optional(),
  /** The id of the comment it answers. */
  in_reply_to: id.optional(),
  outdated: z.boolean().default(false),
  resolved_by: login.optional(),
  subject_type: z.enum(["line", "file"]).default("line"),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  association: association.optional(),
  reactions,
});

const review = z.strictObject({
  id: id.optional(),
  author: actor,
  state: z.enum(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]),
  body: z.string().default(""),
  submitted_at: instant.optional(),
  commit: sha.optional(),
  association: association.optional(),
  reactions,
  comments: z.array(reviewComment).default([]),
});

const side = z.strictObject({
  ref: z.string(),
  sha: sha.optional(),
  /** `owner/name` of a fork; `null` for a deleted fork; absent: this repository. */
  repo: z.string().nullable().optional(),
  /** The owner of a deleted fork. */
  owner: z.string().optional(),
});

export const pull = z.strictObject({
  ...shared,
  draft: z.boolean().default(false),
  merged: z.boolean().default(false),
  merged_at: instant.optional(),
  merged_by: actor.optional(),
  merge_commit_sha: sha.nullable().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("squash"),
  /** A branch name, or the full form. */
  head: z.union([z.string().transform((ref): z.infer<typeof side> => ({ ref })), side]),
  base: z.strictObject({ ref: z.string(), sha: sha.optional() }).optional(),
  /** Absent: one commit with the pull request's title. */
  commits: z.array(commit).optional(),
  files: z.array(changedFile).default([]),
  reviews: z.array(review).default([]),
  requested_reviewers: z.array(login).default([]),
  requested_teams: z.array(z.string()).default([]),
  mergeable: z.boolean().nullable().default(true),
  mergeable_state: z.enum(["clean", "dirty", "blocked", "behind", "unstable", "draft", "unknown"]).optional(),
  auto_merge: z
    .strictObject({
      enabled_by: login,
      merge_method: z.enum(["merge", "squash", "rebase"]).default("squash"),
      commit_title: z.string().nullable().default(null),
      commit_message: z.string().nullable().default(null),
      enabled_at: instant.optional(),
    })
    .optional(),
  maintainer_can_modify: z.boolean().default(false),
  /** Numbers of the issues it closes. */
  closes: z.array(z.int().positive()).default([]),
  /** GraphQL `reviewDecision`; absent: derived from the base branch's protection. */
  review_decision: z.enum(["APPROVED", "CHANGES_REQUESTED", "REVIEW_REQUIRED"]).nullable().optional(),
  statuses: z.array(status).default([]),
  checks: z.array(checkRun).default([]),
});
