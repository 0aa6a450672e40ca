import type { FileInput } from "./schema.ts";
import type { LimitsInput } from "./values.ts";

/**
 * A world with every derived value in place: what REST and GraphQL render and what writes change.
 * Times are strings as GitHub prints them; accounts, repositories and threads refer to each other as objects.
 */
export interface World {
  now: string;
  /** By lower-case login; organizations are here too. */
  accounts: Map<string, Account>;
  organizations: Map<string, Organization>;
  /** By the token itself. */
  tokens: Map<string, Token>;
  apps: App[];
  oauthApps: OauthApp[];
  /** By lower-case `owner/name`. */
  repositories: Map<string, Repository>;
  /** Former lower-case `owner/name` to the repository of today. */
  renamed: Map<string, Repository>;
  gists: Gist[];
  anonymousLimits: LimitsInput;
  /** Hands out ids for what writes create. */
  ids: IdSource;
}

export interface IdSource {
  /** A number that is stable for the same kind and key. */
  named(kind: string, key: string): number;
  /** A number that grows with time within its kind. */
  timed(kind: string, at: string): number;
  /** Keeps an explicit id from being handed out again. */
  take(kind: string, id: number): number;
}

export type AccountType = "User" | "Bot" | "Organization";

export interface Account {
  id: number;
  node_id: string;
  login: string;
  type: AccountType;
  name: string | null;
  company: string | null;
  blog: string;
  location: string | null;
  email: string | null;
  bio: string | null;
  twitter_username: string | null;
  hireable: boolean | null;
  site_admin: boolean;
  deleted: boolean;
  followers: string[];
  keys: Key[];
  gpg_keys: Key[];
  created_at: string;
  updated_at: string;
  limits: LimitsInput;
  /** For bots: the App's slug. */
  app_slug: string | null;
}

export interface Key {
  id: number;
  key: string;
}

/** The author of something: `null` once the account is deleted. */
export type Actor = Account | null;

export interface Organization {
  account: Account;
  description: string | null;
  members: { account: Account; role: "admin" | "member"; public: boolean }[];
  teams: Team[];
  base_permission: "none" | "read" | "write" | "admin";
}

export interface Team {
  id: number;
  node_id: string;
  name: string;
  slug: string;
  description: string | null;
  privacy: "closed" | "secret";
  organization: Account;
  members: Account[];
  /** Lower-case `owner/name` to permission. */
  repositories: Map<string, Permission>;
}

export type Permission = "read" | "triage" | "write" | "maintain" | "admin";

export interface Token {
  token: string;
  account: Account;
  scopes: string[];
  kind: "classic" | "fine_grained" | "oauth";
  revoked: boolean;
}

export interface App {
  id: number;
  node_id: string;
  slug: string;
  name: string;
  owner: Account | null;
  description: string;
  client_id: string;
  public_key: string | null;
  created_at: string;
  installations: Installation[];
}

export interface Installation {
  id: number;
  app: App;
  account: Account;
  /** `null`: all repositories of the account. */
  repositories: Set<string> | null;
  permissions: Record<string, string>;
  suspended: boolean;
  limits: LimitsInput;
}

export interface OauthApp {
  client_id: string;
  client_secret: string;
  login: string;
}

export interface Repository {
  id: number;
  node_id: string;
  owner: Account;
  name: string;
  full_name: string;
  private: boolean;
  visibility: "public" | "private" | "internal";
  description: string | null;
  homepage: string | null;
  parent: Repository | null;
  default_branch: string;
  archived: boolean;
  disabled: boolean;
  is_template: boolean;
  topics: string[];
  languages: Record<string, number>;
  license: License | null;
  has_issues: boolean;
  has_projects: boolean;
  has_wiki: boolean;
  has_pages: boolean;
  has_discussions: boolean;
  allow_forking: boolean;
  allow_squash_merge: boolean;
  allow_merge_commit: boolean;
  allow_rebase_merge: boolean;
  allow_auto_merge: boolean;
  delete_branch_on_merge: boolean;
  created_at: string;
  updated_at: string;
  pushed_at: string;
  size: number;
  stars: number;
  watchers: number;
  stargazers: Account[];
  subscribers: Account[];
  collaborators: Map<string, Permission>;
  labels: Label[];
  milestones: Milestone[];
  files: Tree;
  commits: Map<string, Commit>;
  branches: Map<string, Branch>;
  tags: Map<string, Tag>;
  /** Issues and pull requests by number: one number space, as on GitHub. */
  threads: Map<number, Issue | Pull>;
  workflows: Workflow[];
  /** Newest first. */
  runs: Run[];
  suites: CheckSuite[];
  releases: Release[];
  deployments: Deployment[];
  events: PublicEvent[];
}

export interface License {
  key: string;
  name: string;
  spdx_id: string;
  node_id: string;
}

/** Path to bytes; `null` in a branch's differences means the file is not there. */
export type Tree = Map<string, Buffer | null>;

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

export interface Signature {
  name: string;
  email: string;
  date: string;
  account: Actor;
}

export interface Commit {
  sha: string;
  tree: string;
  message: string;
  author: Signature;
  committer: Signature;
  parents: string[];
  files: ChangedFile[];
  verified: boolean;
  comments: CommitComment[];
  statuses: Status[];
}

export type ChangedFile = Omit<FileInput, "additions" | "deletions"> & {
  sha: string;
  additions: number;
  deletions: number;
};

export interface Branch {
  name: string;
  sha: string;
  protected: boolean;
  required_checks: string[];
  required_approvals: number;
  files: Tree;
}

export interface Tag {
  name: string;
  /** The commit. */
  sha: string;
  annotation: { sha: string; message: string; tagger: Signature } | null;
}

/** Reaction content to who reacted, in order. */
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

export interface CommitComment extends Comment {
  path: string | null;
  line: number | null;
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
  comments: Comment[];
  reactions: Reactions;
  /** Oldest first. */
  events: IssueEvent[];
}

export interface Issue extends Thread {
  kind: "issue";
  state_reason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  pinned: boolean;
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

export interface Status {
  id: number;
  node_id: string;
  context: string;
  state: "success" | "failure" | "error" | "pending";
  description: string | null;
  target_url: string | null;
  creator: Actor;
  created_at: string;
  updated_at: string;
}

export interface CheckSuite {
  id: number;
  node_id: string;
  sha: string;
  branch: string | null;
  app: string;
  /** The workflow run whose suite this is. */
  run: Run | null;
  /** All attempts' check runs, oldest first. */
  checks: CheckRun[];
  created_at: string;
}

export interface CheckRun {
  id: number;
  node_id: string;
  suite: CheckSuite;
  name: string;
  app: string;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
  details_url: string | null;
  external_id: string;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  /** The job, for check runs of Actions. */
  job: Job | null;
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column: number | null;
  end_column: number | null;
  level: "notice" | "warning" | "failure";
  title: string;
  message: string;
  raw_details: string;
}

export interface Workflow {
  id: number;
  node_id: string;
  name: string;
  path: string;
  state: "active" | "disabled_manually" | "disabled_inactivity" | "deleted";
  created_at: string;
  updated_at: string;
}

export interface Run {
  id: number;
  node_id: string;
  repository: Repository;
  workflow: Workflow;
  name: string;
  title: string;
  number: number;
  event: string;
  branch: string | null;
  sha: string;
  head_repository: Repository | null;
  pull: Pull | null;
  actor: Actor;
  created_at: string;
  suite: CheckSuite;
  /** Oldest first; the last one is current. */
  attempts: Attempt[];
  artifacts: Artifact[];
}

export interface Attempt {
  number: number;
  status: string;
  conclusion: string | null;
  triggering_actor: Actor;
  run_started_at: string;
  updated_at: string;
  jobs: Job[];
}

export interface Job {
  id: number;
  node_id: string;
  name: string;
  run: Run;
  attempt: number;
  status: string;
  conclusion: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  steps: Step[];
  labels: string[];
  runner_name: string | null;
  /** `null`: made from the steps. */
  log: string | null;
  check: CheckRun;
}

export interface Step {
  number: number;
  name: string;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
}

export interface Artifact {
  id: number;
  node_id: string;
  name: string;
  size: number;
  expired: boolean;
  created_at: string;
  expires_at: string;
}

export interface Release {
  id: number;
  node_id: string;
  tag: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  latest: boolean | null;
  target: string;
  author: Actor;
  created_at: string;
  published_at: string | null;
  updated_at: string;
  assets: Asset[];
  reactions: Reactions;
}

export interface Asset {
  id: number;
  node_id: string;
  name: string;
  label: string | null;
  content_type: string;
  content: Buffer;
  size: number;
  download_count: number;
  uploader: Actor;
  created_at: string;
  updated_at: string;
}

export interface Deployment {
  id: number;
  node_id: string;
  sha: string;
  ref: string;
  environment: string;
  description: string | null;
  creator: Actor;
  created_at: string;
}

export interface PublicEvent {
  id: number;
  type: string;
  actor: Account;
  repository: Repository;
  payload: Record<string, unknown>;
  public: boolean;
  created_at: string;
}

export interface Gist {
  id: string;
  node_id: string;
  owner: Account;
  description: string | null;
  public: boolean;
  files: { name: string; content: string; language: string | null }[];
  created_at: string;
  updated_at: string;
}
