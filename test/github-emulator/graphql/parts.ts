import type {
  ChangedFile,
  Comment,
  Commit,
  Issue,
  Label,
  Milestone,
  Pull,
  Release,
  Repository,
  Review,
  ReviewComment,
  Signature,
} from "../world/model.ts";
import type { Part } from "./context.ts";

/** The model's objects that do not know where they belong, together with that. */
export type CommitPart = Part<"Commit", Commit, Repository>;
export type PullCommitPart = Part<"PullRequestCommit", Commit, Pull>;
export type CommentPart = Part<"IssueComment", Comment, Issue | Pull>;
export type ReviewPart = Part<"PullRequestReview", Review, Pull>;
export type ReviewCommentPart = Part<"PullRequestReviewComment", ReviewComment, Pull>;
export type LabelPart = Part<"Label", Label, Repository>;
export type MilestonePart = Part<"Milestone", Milestone, Repository>;
export type ReleasePart = Part<"Release", Release, Repository>;
export type RefPart = Part<"Ref", { name: string; sha: string; prefix: string }, Repository>;
export type FilePart = Part<"PullRequestChangedFile", ChangedFile, Pull>;
export type GitActorPart = Part<"GitActor", Signature, Repository>;
