import { rollupContexts } from "../checks.ts";
import { coAuthors } from "../co-authors.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, part } from "../context.ts";
import { headline, messageBody } from "../names.ts";
import type { CommitPart, GitActorPart, RefPart } from "../parts.ts";

export const commits = {
  Commit: {
    id: ({ of, in: repository }: CommitPart) => `C_${repository.id}_${of.sha}`,
    oid: (commit: CommitPart | { oid: string }) => ("of" in commit ? commit.of.sha : commit.oid),
    abbreviatedOid: ({ of }: CommitPart) => of.sha.slice(0, 7),
    message: ({ of }: CommitPart) => of.message,
    messageHeadline: ({ of }: CommitPart) => headline(of.message),
    messageBody: ({ of }: CommitPart) => messageBody(of.message),
    authoredDate: ({ of }: CommitPart) => of.author.date,
    committedDate: ({ of }: CommitPart) => of.committer.date,
    url: ({ of, in: repository }: CommitPart) => `https://github.com/${repository.full_name}/commit/${of.sha}`,
    repository: (commit: CommitPart) => commit.in,
    author: ({ of, in: repository }: CommitPart) => part("GitActor", of.author, repository),
    committer: ({ of, in: repository }: CommitPart) => part("GitActor", of.committer, repository),
    authors: ({ of, in: repository }: CommitPart, page: PageArguments) =>
      connection(
        [of.author, ...coAuthors(of)].map((author) => part("GitActor", author, repository)),
        page,
        "authors",
      ),
    parents: ({ of, in: repository }: CommitPart, page: PageArguments) =>
      connection(
        of.parents
          .map((sha) => repository.commits.get(sha))
          .filter((commit) => commit !== undefined)
          .map((commit) => part("Commit", commit, repository)),
        page,
        "parents",
      ),
    statusCheckRollup: (commit: CommitPart) => {
      const contexts = rollupContexts(commit.in, commit.of);
      return contexts.length > 0 ? part("StatusCheckRollup", contexts, commit) : null;
    },
  },
  GitActor: {
    name: ({ of }: GitActorPart) => of.name,
    email: ({ of }: GitActorPart) => of.email,
    date: ({ of }: GitActorPart) => of.date,
    user: ({ of }: GitActorPart) => (of.account?.type === "User" ? of.account : null),
  },
  Ref: {
    id: (ref: RefPart) => `REF_${ref.in.id}_${ref.of.name}`,
    name: (ref: RefPart) => ref.of.name,
    prefix: (ref: RefPart) => ref.of.prefix,
    repository: (ref: RefPart) => ref.in,
    target: (ref: RefPart) => {
      const commit = ref.in.commits.get(ref.of.sha);
      return commit ? part("Commit", commit, ref.in) : null;
    },
    /** Rules are for users who may change them. */
    branchProtectionRule: (ref: RefPart, _: unknown, viewer: GraphqlViewer) => {
      const branch = ref.in.branches.get(ref.of.name);
      if (!branch?.protected || viewer.permission(ref.in) !== "admin") return null;
      return {
        __typename: "BranchProtectionRule",
        pattern: branch.name,
        requiresStrictStatusChecks: false,
        requiresStatusChecks: branch.required_checks.length > 0,
        requiredStatusCheckContexts: branch.required_checks,
        requiredApprovingReviewCount: branch.required_approvals,
        requiresApprovingReviews: branch.required_approvals > 0,
      };
    },
  },
};
