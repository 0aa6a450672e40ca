/**
 * GitHub's REST bodies, as far as the commands read them. Members that are not named may have any form and are left out
 * (keeping them would take most of the time); a field that GitHub did not always send is optional, and its reader asks
 * {@link told}.
 */
import * as z from "zod";
import { NativeRequired } from "../../reader.ts";

/** A value that a body need not carry. Throws NativeRequired without it. */
export function told<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new NativeRequired(`GitHub does not tell ${what}`);
  return value;
}

const count = z.number().int().nonnegative();
const instant = z.string();

export const userSchema = z.object({
  login: z.string(),
  id: z.number().int(),
  node_id: z.string().optional(),
  type: z.string().optional(),
});
export type RestUser = z.infer<typeof userSchema>;

const labelSchema = z.object({
  node_id: z.string().optional(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullish(),
});
export type RestLabel = z.infer<typeof labelSchema>;

export const milestoneSchema = z.object({
  number: count,
  title: z.string(),
  description: z.string().nullable(),
  due_on: instant.nullable(),
});
export type RestMilestone = z.infer<typeof milestoneSchema>;

const reactionsSchema = z.object({
  "+1": count,
  "-1": count,
  laugh: count,
  hooray: count,
  confused: count,
  heart: count,
  rocket: count,
  eyes: count,
});
export type RestReactions = z.infer<typeof reactionsSchema>;

const threadShape = {
  node_id: z.string().optional(),
  number: count,
  title: z.string(),
  state: z.enum(["open", "closed"]),
  body: z.string().nullable(),
  html_url: z.string(),
  user: userSchema.nullable(),
  labels: z.array(labelSchema).optional(),
  assignees: z.array(userSchema).optional(),
  milestone: milestoneSchema.nullish(),
  created_at: instant,
  updated_at: instant,
  closed_at: instant.nullable(),
};

export const issueSchema = z.object({
  ...threadShape,
  comments: count,
  state_reason: z.string().nullish(),
  reactions: reactionsSchema.optional(),
  pull_request: z.object({ merged_at: instant.nullish() }).optional(),
  type: z
    .object({ node_id: z.string(), name: z.string(), description: z.string().nullish(), color: z.string().nullish() })
    .nullish(),
  parent_issue_url: z.string().nullish(),
  sub_issues_summary: z.object({ total: count, completed: count, percent_completed: count }).optional(),
  issue_dependencies_summary: z.object({ total_blocked_by: count, total_blocking: count }).optional(),
});
export type RestIssue = z.infer<typeof issueSchema>;

const pullRepositorySchema = z.object({
  id: z.number().int(),
  node_id: z.string().optional(),
  name: z.string(),
  owner: userSchema,
  default_branch: z.string().optional(),
});

const pullShape = {
  ...threadShape,
  draft: z.boolean().optional(),
  merged_at: instant.nullable(),
  merge_commit_sha: z.string().nullish(),
  auto_merge: z.object({ enabled_by: userSchema.nullable(), merge_method: z.string() }).nullish(),
  requested_reviewers: z.array(userSchema).optional(),
  requested_teams: z.array(z.object({ name: z.string(), slug: z.string() })).optional(),
  head: z.object({
    ref: z.string(),
    sha: z.string(),
    user: userSchema.nullable(),
    repo: pullRepositorySchema.nullable(),
  }),
  base: z.object({ ref: z.string(), sha: z.string(), repo: pullRepositorySchema }),
};

/** An item of `/pulls`. */
export const pullListItemSchema = z.object(pullShape);
export type RestPullListItem = z.infer<typeof pullListItemSchema>;

/** `/pulls/N`, which has more fields. */
export const pullSchema = z.object({
  ...pullShape,
  merged: z.boolean(),
  mergeable: z.boolean().nullable(),
  merged_by: userSchema.nullable(),
  maintainer_can_modify: z.boolean().optional(),
  comments: count,
  commits: count,
  additions: count,
  deletions: count,
  changed_files: count,
});
export type RestPull = z.infer<typeof pullSchema>;

export const pullFileSchema = z.object({
  filename: z.string(),
  additions: count,
  deletions: count,
  status: z.string(),
});

const gitActorSchema = z.object({ name: z.string(), email: z.string(), date: instant });

export const pullCommitSchema = z.object({
  sha: z.string(),
  commit: z.object({
    message: z.string(),
    author: gitActorSchema.nullable(),
    committer: gitActorSchema.nullable(),
  }),
  // GitHub sends an empty object for some unmatched authors.
  author: z.union([userSchema, z.strictObject({})]).nullable(),
});
export type RestPullCommit = z.infer<typeof pullCommitSchema>;

export const commentSchema = z.object({
  id: z.number().int(),
  node_id: z.string().optional(),
  html_url: z.string().optional(),
  reactions: reactionsSchema.optional(),
  user: userSchema.nullable(),
  author_association: z.string(),
  body: z.string().nullish(),
  created_at: instant,
  updated_at: instant,
  /** Present since GitHub shows hidden comments in REST; null: not hidden. */
  minimized: z.object({}).nullish(),
});
export type RestComment = z.infer<typeof commentSchema>;

export const reviewSchema = z.object({
  id: z.number().int(),
  node_id: z.string().optional(),
  user: userSchema.nullable(),
  author_association: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  submitted_at: instant.nullish(),
});
export type RestReview = z.infer<typeof reviewSchema>;

export const checkRunsSchema = z.object({
  total_count: count,
  check_runs: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      started_at: instant.nullable(),
      completed_at: instant.nullable(),
      details_url: z.string().nullable(),
      output: z.object({ title: z.string().nullable() }).nullish(),
      check_suite: z.object({ id: z.number().int() }).nullable(),
      app: z.object({ slug: z.string(), name: z.string().optional() }).nullable(),
    }),
  ),
});
export type RestCheckRun = z.infer<typeof checkRunsSchema>["check_runs"][number];

export const combinedStatusSchema = z.object({
  total_count: count,
  statuses: z.array(
    z.object({
      id: z.number().int(),
      context: z.string(),
      state: z.string(),
      target_url: z.string().nullable(),
      description: z.string().nullable(),
      created_at: instant,
    }),
  ),
});
export type RestStatus = z.infer<typeof combinedStatusSchema>["statuses"][number];

export const workflowRunsSchema = z.object({
  total_count: count,
  workflow_runs: z.array(
    z.object({
      id: z.number().int(),
      workflow_id: z.number().int(),
      check_suite_id: z.number().int(),
      event: z.string(),
    }),
  ),
});

export type RestWorkflowRun = z.infer<typeof workflowRunsSchema>["workflow_runs"][number];

export const workflowsSchema = z.object({
  total_count: count,
  workflows: z.array(z.object({ id: z.number().int(), name: z.string() })),
});
