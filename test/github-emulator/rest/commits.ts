import {
  type ApiReply,
  apiUrl,
  failure,
  notFound,
  ok,
  type RepositoryCall,
  type RepositoryRoutes,
  webUrl,
} from "../http.ts";
import { linkHeader, pageOf } from "../links.ts";
import { mediaType } from "../media.ts";
import { changedFile, commitComment, commitItem, commitView } from "../render/commits.ts";
import { diffOf, patchOf } from "../render/diffs.ts";
import { pullItem } from "../render/threads.ts";
import { history, mergeFiles } from "../world/build-git.ts";
import type { Commit, CommitComment, Repository } from "../world/model.ts";
import { commitCheckRoutes } from "./checks.ts";
import { canonicalPath, repositoryPage } from "./common.ts";
import { reactionPage } from "./issues.ts";
import { pulls } from "./pulls.ts";
import { resolveCommit } from "./refs.ts";

const filesPerPage = 300;

/** Commits, comparisons and comments on commits. */
export const commitRoutes: RepositoryRoutes = {
  "GET /commits": list,
  "GET /commits/:ref+": (call) => {
    const { sub, ref } = split(call.params.ref ?? "");
    const handler = sub ? (commitCheckRoutes[sub] ?? subResources[sub]) : undefined;
    return handler ? handler(call, ref) : view(call, call.params.ref ?? "");
  },
  "GET /compare/:range+": compare,
  "GET /comments": (call) =>
    repositoryPage(call, allComments(call.repository), (each) =>
      commitComment(call.repository, each.commit, each.comment),
    ),
  "GET /comments/:id": (call) => {
    const found = findComment(call);
    return found
      ? ok(commitComment(call.repository, found.commit, found.comment), found.comment.updated_at)
      : notFound("/commits/comments");
  },
  "GET /comments/:id/reactions": (call) => {
    const found = findComment(call);
    return found ? reactionPage(call, found.comment) : notFound("/reactions/reactions");
  },
};

type SubResource = (call: RepositoryCall, ref: string) => ApiReply;

const subResources: Record<string, SubResource> = {
  comments: (call, ref) => {
    const commit = resolveCommit(call.repository, ref);
    return commit
      ? repositoryPage(call, commit.comments, (each) => commitComment(call.repository, commit, each))
      : missing(ref);
  },
  pulls: (call, ref) => {
    const commit = resolveCommit(call.repository, ref);
    if (!commit) return missing(ref);
    const found = pulls(call).filter(
      (pull) => pull.commits.includes(commit) || (pull.merged && pull.merge_commit_sha === commit.sha),
    );
    return repositoryPage(call, found, (pull) => pullItem(call.world, pull));
  },
  "branches-where-head": (call, ref) => {
    const { repository } = call;
    const heads = [...repository.branches.values()].filter((branch) => branch.sha === ref);
    return ok(
      heads.map(({ name, sha, protected: guarded }) => ({
        name,
        commit: { sha, url: `${apiUrl}/repos/${repository.full_name}/commits/${sha}` },
        protected: guarded,
      })),
    );
  },
};

/** Refs may contain slashes, so the text after them is told by its last segment. */
function split(path: string): { ref: string; sub: string | null } {
  const at = path.lastIndexOf("/");
  const last = path.slice(at + 1);
  if (at > 0 && (last in commitCheckRoutes || last in subResources)) return { ref: path.slice(0, at), sub: last };
  return { ref: path, sub: null };
}

function missing(ref: string): ApiReply {
  return failure(422, `No commit found for SHA: ${ref}`, "/commits/commits#get-a-commit");
}

function view(call: RepositoryCall, ref: string): ApiReply {
  const { repository, media } = call;
  const commit = resolveCommit(repository, ref);
  if (!commit) return missing(ref);
  if (media.format === "sha") return { status: 200, body: commit.sha, type: mediaType("sha") };
  if (media.format === "diff") return { status: 200, body: diffOf(commit.files), type: mediaType("diff") };
  if (media.format === "patch") return { status: 200, body: patchOf([commit], commit.files), type: mediaType("patch") };
  const page = pageOf(call.query, commit.files, filesPerPage, filesPerPage);
  const link = linkHeader(canonicalPath(call), call.query, page);
  const reply = ok(commitView(repository, commit, page.items), commit.committer.date);
  return link ? { ...reply, headers: { link } } : reply;
}

function list(call: RepositoryCall): ApiReply {
  const { repository, query } = call;
  const ref = query.get("sha") ?? repository.default_branch;
  const from = resolveCommit(repository, ref);
  if (!from) return notFound("/commits/commits#list-commits");
  const [path, author, since, until] = [query.get("path"), query.get("author"), query.get("since"), query.get("until")];
  const found = history(repository, from.sha).filter(
    (commit) =>
      (!path || commit.files.some((file) => file.path === path || file.path.startsWith(`${path}/`))) &&
      (!author ||
        [commit.author.account?.login, commit.author.email].some(
          (each) => each?.toLowerCase() === author.toLowerCase(),
        )) &&
      (!since || commit.committer.date >= since) &&
      (!until || commit.committer.date <= until),
  );
  return repositoryPage(call, found, (commit) => commitItem(repository, commit));
}

/** The commits between two commits. */
interface Comparison {
  base: Commit;
  head: Commit;
  mergeBase: Commit;
  /** Oldest first. */
  commits: Commit[];
  behind: number;
}

export function comparison(repository: Repository, range: string): Comparison | null {
  const [from = "", to = ""] = range.split("...");
  const base = resolveCommit(repository, from);
  const head = resolveCommit(repository, to);
  if (!base || !head) return null;
  const before = history(repository, base.sha);
  const after = history(repository, head.sha);
  const [known, reached] = [new Set(before), new Set(after)];
  const mergeBase = after.find((commit) => known.has(commit)) ?? base;
  return {
    base,
    head,
    mergeBase,
    commits: after.filter((commit) => !known.has(commit)).reverse(),
    behind: before.filter((commit) => !reached.has(commit)).length,
  };
}

function compare(call: RepositoryCall): ApiReply {
  const { repository, params, media, query } = call;
  const range = (params.range ?? "").replaceAll(`${repository.owner.login}:`, "");
  const found = comparison(repository, range);
  if (!found) return notFound("/commits/commits#compare-two-commits");
  const { base, head, mergeBase, commits, behind } = found;
  const files = mergeFiles(commits);
  if (media.format === "diff") return { status: 200, body: diffOf(files), type: mediaType("diff") };
  if (media.format === "patch") return { status: 200, body: patchOf(commits, files), type: mediaType("patch") };
  const url = `${apiUrl}/repos/${repository.full_name}/compare/${range}`;
  const html_url = `${webUrl}/${repository.full_name}/compare/${range}`;
  const pages =
    query.has("page") || query.has("per_page")
      ? pageOf(query, commits)
      : pageOf(new URLSearchParams(), commits, 250, 250);
  const link = linkHeader(canonicalPath(call), query, pages);
  const permalink = `${webUrl}/${repository.full_name}/compare/${repository.owner.login}:${base.sha.slice(0, 7)}...${repository.owner.login}:${head.sha.slice(0, 7)}`;
  const body = {
    url,
    html_url,
    permalink_url: permalink,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    base_commit: commitItem(repository, base),
    merge_base_commit: commitItem(repository, mergeBase),
    status: commits.length === 0 ? (behind === 0 ? "identical" : "behind") : behind === 0 ? "ahead" : "diverged",
    ahead_by: commits.length,
    behind_by: behind,
    total_commits: commits.length,
    commits: pages.items.map((commit) => commitItem(repository, commit)),
    ...(pages.number === 1
      ? { files: files.slice(0, filesPerPage).map((file) => changedFile(repository, head.sha, file)) }
      : { files: [] }),
  };
  return link ? { ...ok(body), headers: { link } } : ok(body);
}

function allComments(repository: Repository): { commit: Commit; comment: CommitComment }[] {
  return [...repository.commits.values()]
    .flatMap((commit) => commit.comments.map((comment) => ({ commit, comment })))
    .sort((a, b) => a.comment.id - b.comment.id);
}

function findComment(call: RepositoryCall) {
  return allComments(call.repository).find(({ comment }) => comment.id === Number(call.params.id));
}
