import { addChecks } from "./build-checks.ts";
import { addCommits, buildStatus, changedFile, mergeFiles, tipAt } from "./build-git.ts";
import { buildEvents, buildThread, type ThreadContext } from "./build-threads.ts";
import { latest, timedId } from "./context.ts";
import { nodeId, shaOf } from "./ids.ts";
import type { Commit, Organization, Pull, PullSide, Repository, Review, ReviewComment } from "./model.ts";
import type { PullInput } from "./schema.ts";

const hour = 3600;

/** The git author of a deleted account's commits. */
export const ghost = { name: "ghost", email: "ghost@users.noreply.github.com", login: null };

/** Everything the repository builder knows of a pull request before it is built. */
export interface PullPlan {
  input: PullInput;
  number: number;
  merged_at: string | null;
  merge_sha: string | null;
}

export interface PullContext extends ThreadContext {
  findRepository(name: string): Repository | undefined;
  organization: Organization | undefined;
}

export function buildPull(context: PullContext, plan: PullPlan): Pull {
  const { input, number } = plan;
  const { repository } = context;
  const closed = input.state === "closed" || plan.merged_at !== null || input.closed_at !== undefined;
  const closing = plan.merged_at
    ? { ...input, closed_at: input.closed_at ?? plan.merged_at, closed_by: mergedBy(context, input) }
    : input;
  const thread = buildThread(context, closing, number, closed);
  const baseRef = input.base?.ref ?? repository.default_branch;
  const tip = repository.branches.get(baseRef)?.sha ?? repository.branches.get(repository.default_branch)?.sha;
  const baseSha =
    input.base?.sha ?? (tip ? tipAt(repository, tip, thread.created_at) : shaOf(repository.full_name, baseRef));
  const commits = pullCommits(context, plan, thread.created_at, baseSha);
  const headSha = commits.at(-1)?.sha ?? baseSha;
  const id = timedId(context, "pull", input.id, thread.created_at);
  const pull: Pull = {
    ...thread,
    kind: "pull",
    id,
    node_id: nodeId("PR", repository.id, id),
    draft: input.draft,
    merged: plan.merged_at !== null,
    merged_at: plan.merged_at,
    merged_by: plan.merged_at ? context.actor(mergedBy(context, input)) : null,
    merge_commit_sha: plan.merge_sha,
    merge_method: input.merge_method,
    head: headSide(context, input, headSha),
    base: { ref: baseRef, sha: baseSha, owner: repository.owner, repository },
    commits,
    files: input.files.length > 0 ? input.files.map(changedFile) : mergeFiles(commits),
    reviews: [],
    requested_reviewers: input.requested_reviewers.map(context.account),
    requested_teams: (context.organization?.teams ?? []).filter((team) => input.requested_teams.includes(team.slug)),
    mergeable: closed ? null : input.mergeable,
    mergeable_state: closed ? "unknown" : (input.mergeable_state ?? mergeableState(input)),
    auto_merge: input.auto_merge
      ? {
          ...input.auto_merge,
          enabled_by: context.account(input.auto_merge.enabled_by),
          enabled_at: input.auto_merge.enabled_at ?? context.after(thread.created_at, hour),
        }
      : null,
    maintainer_can_modify: input.maintainer_can_modify,
    closes: input.closes,
    review_decision: input.review_decision,
  };
  pull.reviews = input.reviews.map((review, index) => buildReview(context, pull, review, index));
  pull.updated_at = input.updated_at ?? latest(pull.updated_at, ...pull.reviews.map((review) => review.submitted_at));
  pull.events = buildEvents(context, pull, input.events);
  publishHead(pull);
  const head = commits.at(-1);
  if (head) {
    head.statuses.push(
      ...input.statuses.map((status) => buildStatus(context, repository, status, head.committer.date)),
    );
    addChecks(context, repository, head, input.checks, pull.head.ref);
  }
  return pull;
}

function mergedBy(context: PullContext, input: PullInput): string | null {
  return input.merged_by === undefined ? context.maintainer : input.merged_by;
}

function mergeableState(input: PullInput): string {
  if (input.mergeable === null) return "unknown";
  if (!input.mergeable) return "dirty";
  return input.draft ? "draft" : "clean";
}

function pullCommits(context: PullContext, plan: PullPlan, opened: string, base: string): Commit[] {
  const { input, number } = plan;
  const { repository } = context;
  const author = input.author ?? ghost;
  const written = input.commits ?? [
    { message: input.title, author, files: input.files, verified: false, comments: [], statuses: [], checks: [] },
  ];
  const last = written.at(-1);
  if (typeof input.head === "object" && input.head.sha && last) last.sha = input.head.sha;
  if (last && written.every((commit) => commit.files.length === 0)) last.files = input.files;
  const start = context.after(opened, -written.length * hour);
  const commits = addCommits(context, repository, written, { scope: `pull/${number}`, parent: base, start });
  for (const [index, commit] of written.entries()) {
    const built = commits[index];
    if (built) addChecks(context, repository, built, commit.checks, input.head.ref);
  }
  return commits;
}

function headSide(context: PullContext, input: PullInput, sha: string): PullSide {
  const { repo, owner, ref } = input.head;
  if (repo === undefined) return { ref, sha, owner: context.repository.owner, repository: context.repository };
  if (repo === null) return { ref, sha, owner: context.actor(owner ?? input.author), repository: null };
  const fork = context.findRepository(repo);
  return { ref, sha, owner: context.actor(repo.split("/")[0] ?? null), repository: fork ?? null };
}

/** An open pull request's branch exists where it came from, and its commits with it. */
function publishHead(pull: Pull): void {
  const from = pull.head.repository;
  if (!from) return;
  for (const commit of pull.commits) from.commits.set(commit.sha, commit);
  if (pull.state === "closed" || from.branches.has(pull.head.ref)) return;
  from.branches.set(pull.head.ref, {
    name: pull.head.ref,
    sha: pull.head.sha,
    protected: false,
    required_checks: [],
    required_approvals: 0,
    files: new Map(),
  });
}

function buildReview(context: PullContext, pull: Pull, input: PullInput["reviews"][number], index: number): Review {
  const { repository } = context;
  const submitted_at = input.submitted_at ?? context.after(pull.created_at, (index + 1) * 5400);
  const id = timedId(context, "review", input.id, submitted_at);
  const commit_sha = input.commit ?? pull.head.sha;
  return {
    id,
    node_id: nodeId("PRR", repository.id, id),
    author: context.actor(input.author),
    state: input.state,
    body: input.body,
    submitted_at,
    commit_sha,
    association: input.association ?? context.associate(input.author),
    reactions: context.reactions(input.reactions),
    comments: input.comments.map((comment): ReviewComment => {
      const created_at = comment.created_at ?? submitted_at;
      const author = comment.author === undefined ? input.author : comment.author;
      const commentId = timedId(context, "review_comment", comment.id, created_at);
      return {
        id: commentId,
        node_id: nodeId("PRRC", repository.id, commentId),
        review_id: id,
        author: context.actor(author),
        body: comment.body,
        path: comment.path,
        line: comment.line,
        start_line: comment.start_line,
        side: comment.side,
        diff_hunk: comment.diff_hunk ?? hunkOf(pull, comment.path),
        in_reply_to: comment.in_reply_to ?? null,
        outdated: comment.outdated,
        resolved_by: context.actor(comment.resolved_by),
        subject_type: comment.subject_type,
        commit_sha,
        created_at,
        updated_at: comment.updated_at ?? created_at,
        association: comment.association ?? context.associate(author),
        reactions: context.reactions(comment.reactions),
      };
    }),
  };
}

function hunkOf(pull: Pull, path: string): string {
  const patch = pull.files.find((file) => file.path === path)?.patch;
  return patch?.split("\n").slice(0, 5).join("\n") ?? "@@ -1 +1 @@";
}
