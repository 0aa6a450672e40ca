import type { FileInput } from "../schema.ts";
import type { Actor } from "./accounts.ts";
import type { Comment } from "./threads.ts";

/** Path to bytes; `null` in a branch's differences means the file is not there. */
export type Tree = Map<string, Buffer | null>;

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

export interface CommitComment extends Comment {
  path: string | null;
  line: number | null;
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
