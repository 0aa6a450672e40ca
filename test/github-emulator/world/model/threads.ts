import type { Account, Actor, Team } from "./accounts.ts";
import type { ChangedFile, Commit } from "./git.ts";
import type { Repository } from "./repositories.ts";

export interface Label {
  id: number;
  node_id: string;
  name: string;
  color: string;
  description: string | null;
  default: boolean;
}

export interface Milestone {
  id: number;
  node_id: string;
  number: number;
  title: string;
  description: string | null;
  state: "open" | "closed";
  creator: Actor;
  created_at: string;
  updated_at: string;
  due_on: string | null;
  closed_at: string | null;
}

/** Reaction content to the accounts that reacted, in order. */
export type Reactions = Partial<
  Record<"+1" | "-1" | "laugh" | "hooray" | "confused" | "heart" | "rocket" | "eyes", Account[]>
>;

export interface Comment {
  id: number;
  node_id: string;
  author: Actor;
  body: string;
  created_at: string;
  updated_at: string;
  association: string;
  reactions: Reactions;
  minimized: string | null;
  app: string | null;
}

export interface Thread {
  repository: Repository;
  number: number;
  /** The issue's id; a pull request has one too, apart from its own. */
  issue_id: number;
  issue_node_id: string;
  title: string;
  author: Actor;
  body: string | null;
  state: "open" | "closed";
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  closed_by: Actor;
  association: string;
  labels: Label[];
  assignees: Account[];
  milestone: Milestone | null;
  locked: boolean;
  lock_reason: string | null;
  projects: { title: string; status: string | null }[];
  comments: Comment[];
  reactions: Reactions;
  /** Oldest first. */
  events: IssueEvent[];
}

export interface Issue extends Thread {
  kind: "issue";
  state_reason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  pinned: boolean;
  issue_type: IssueType | null;
  /** Numbers of issues of the same repository. */
  sub_issues: number[];
  blocked_by: number[];
}

export interface IssueType {
  id: number;
  node_id: string;
  name: string;
  description: string | null;
  color: string;
}

export interface Pull extends Thread {
  kind: "pull";
  id: number;
  node_id: string;
  draft: boolean;
  merged: boolean;
  merged_at: string | null;
  merged_by: Actor;
  merge_commit_sha: string | null;
  merge_method: "merge" | "squash" | "rebase";
  head: PullSide;
  base: PullSide;
  /** Oldest first. */
  commits: Commit[];
  files: ChangedFile[];
  reviews: Review[];
  requested_reviewers: Account[];
  requested_teams: Team[];
  mergeable: boolean | null;
  mergeable_state: string;
  auto_merge: AutoMerge | null;
  maintainer_can_modify: boolean;
  closes: number[];
  /** `undefined`: derived from the base branch's protection. */
  review_decision: "APPROVED" | "CHANGES_REQUESTED" | "REVIEW_REQUIRED" | null | undefined;
}

export interface PullSide {
  ref: string;
  sha: string;
  owner: Actor;
  /** `null` once the fork is deleted. */
  repository: Repository | null;
}

export interface AutoMerge {
  enabled_by: Account;
  merge_method: "merge" | "squash" | "rebase";
  commit_title: string | null;
  commit_message: string | null;
  enabled_at: string;
}

export interface Review {
  id: number;
  node_id: string;
  author: Actor;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  submitted_at: string;
  commit_sha: string;
  association: string;
  reactions: Reactions;
  comments: ReviewComment[];
}

export interface ReviewComment {
  id: number;
  node_id: string;
  review_id: number;
  author: Actor;
  body: string;
  path: string;
  line: number | null;
  start_line: number | null;
  side: "LEFT" | "RIGHT";
  diff_hunk: string;
  in_reply_to: number | null;
  outdated: boolean;
  resolved_by: Actor;
  subject_type: "line" | "file";
  commit_sha: string;
  created_at: string;
  updated_at: string;
  association: string;
  reactions: Reactions;
}

export interface IssueEvent {
  id: number;
  node_id: string;
  event: string;
  actor: Actor;
  created_at: string;
  commit_id: string | null;
  label: Label | null;
  assignee: Actor;
  milestone: string | null;
  rename: { from: string; to: string } | null;
  requested_reviewer: Actor;
  requested_team: Team | null;
  /** `owner/name#number` of a cross-reference. */
  source: string | null;
  lock_reason: string | null;
  state_reason: string | null;
}
