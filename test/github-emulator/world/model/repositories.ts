import type { Account, Actor, Permission } from "./accounts.ts";
import type { CheckSuite, Run, Workflow } from "./actions.ts";
import type { Branch, Commit, Tag, Tree } from "./git.ts";
import type { Issue, Label, Milestone, Pull, Reactions } from "./threads.ts";

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

export interface Release {
  id: number;
  node_id: string;
  tag: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  immutable: boolean;
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
  /** `sha256:…`; `null` for files that were uploaded before GitHub kept it. */
  digest: string | null;
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
