import * as z from "zod";
import { created, failure, invalid, notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { gitCommit } from "../render/commits.ts";
import { shaOf } from "../world/ids.ts";
import type { Account, Commit, Pull } from "../world/model.ts";
import { pullOf } from "./common.ts";
import { reference, refs } from "./git.ts";
import { pulls } from "./pulls.ts";
import { touch, write } from "./writes.ts";

const mergeRequest = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
});

const newCommit = z.object({
  message: z.string(),
  tree: z.string().optional(),
  parents: z.array(z.string()).default([]),
});

/** Merging and pushing, which move branches. */
export const gitWrites: RepositoryRoutes = {
  "PUT /pulls/:number/merge": write(mergeRequest, (call, body, actor) => {
    const pull = pullOf(call);
    if (!pull) return notFound("/pulls/pulls#merge-a-pull-request");
    if (pull.state !== "open" || pull.mergeable === false)
      return failure(405, "Pull Request is not mergeable", "/pulls/pulls#merge-a-pull-request");
    if (body.sha && body.sha !== pull.head.sha)
      return failure(
        409,
        "Head branch was modified. Review and try the merge again.",
        "/pulls/pulls#merge-a-pull-request",
      );
    const sha = merge(call, pull, body, actor);
    return ok({ sha, merged: true, message: "Pull Request successfully merged" });
  }),
  "POST /git/commits": write(newCommit, (call, body, actor) => {
    const sha = shaOf(call.repository.full_name, call.now, body.message, ...body.parents);
    const commit = commitBy(call, actor, sha, body.message, body.parents, []);
    if (body.tree) commit.tree = body.tree;
    call.repository.commits.set(sha, commit);
    return created(gitCommit(call.repository, commit));
  }),
  "POST /git/refs": write(z.object({ ref: z.string(), sha: z.string() }), (call, { ref, sha }) => {
    const { repository } = call;
    const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
    if (!repository.commits.has(sha)) return failure(422, "Object does not exist", "/git/refs#create-a-reference");
    if (refs(repository).some((each) => each.ref === ref))
      return failure(422, "Reference already exists", "/git/refs#create-a-reference");
    if (name)
      repository.branches.set(name, {
        name,
        sha,
        protected: false,
        required_checks: [],
        required_approvals: 0,
        files: new Map(),
      });
    else if (tag) repository.tags.set(tag, { name: tag, sha, annotation: null });
    else return invalid("Reference", "ref", "invalid");
    return created(reference(repository, { ref, sha, type: "commit" }));
  }),
  /** The effect of a push on a branch: pull requests from it follow. */
  "PATCH /git/refs/heads/:branch+": write(
    z.object({ sha: z.string(), force: z.boolean().default(false) }),
    (call, { sha }, actor) => {
      const { repository } = call;
      const branch = repository.branches.get(call.params.branch ?? "");
      if (!branch) return failure(422, "Reference does not exist", "/git/refs#update-a-reference");
      const commit =
        repository.commits.get(sha) ??
        (/^[0-9a-f]{40}$/.test(sha)
          ? commitBy(call, actor, sha, `Update ${branch.name}`, [branch.sha], [])
          : undefined);
      if (!commit) return failure(422, "Object does not exist", "/git/refs#update-a-reference");
      repository.commits.set(sha, commit);
      branch.sha = sha;
      repository.pushed_at = call.now;
      repository.updated_at = call.now;
      for (const other of call.world.repositories.values()) {
        for (const pull of pulls({ ...call, repository: other })) follow(call, pull, branch.name, commit);
      }
      return ok(reference(repository, { ref: `refs/heads/${branch.name}`, sha, type: "commit" }));
    },
  ),
  "DELETE /git/refs/heads/:branch+": write(z.unknown(), (call) => {
    const deleted = call.repository.branches.delete(call.params.branch ?? "");
    return deleted
      ? { status: 204, body: "", type: "" }
      : failure(422, "Reference does not exist", "/git/refs#delete-a-reference");
  }),
};

function follow(call: RepositoryCall, pull: Pull, branch: string, commit: Commit): void {
  if (pull.state !== "open" || pull.head.repository !== call.repository || pull.head.ref !== branch) return;
  pull.head = { ...pull.head, sha: commit.sha };
  if (!pull.commits.includes(commit)) pull.commits.push(commit);
  pull.repository.commits.set(commit.sha, commit);
  pull.updated_at = call.now;
}

function merge(call: RepositoryCall, pull: Pull, body: z.infer<typeof mergeRequest>, actor: Account): string {
  const { repository, world } = call;
  const base = repository.branches.get(pull.base.ref);
  const squash = body.merge_method !== "merge";
  const title =
    body.commit_title ??
    (squash
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${pull.head.owner?.login}/${pull.head.ref}`);
  const message = body.commit_message ?? (squash ? "" : pull.title);
  const sha = shaOf(repository.full_name, "merge", pull.number, call.now);
  const parents = [base?.sha ?? pull.base.sha, ...(squash ? [] : [pull.head.sha])];
  const commit = commitBy(
    call,
    squash ? (pull.author ?? actor) : actor,
    sha,
    message ? `${title}\n\n${message}` : title,
    parents,
    pull.files,
  );
  const flow = world.accounts.get("web-flow") ?? null;
  commit.committer = { name: "GitHub", email: "noreply@github.com", date: call.now, account: flow };
  repository.commits.set(sha, commit);
  if (base) base.sha = sha;
  Object.assign(pull, {
    merged: true,
    merged_at: call.now,
    merged_by: actor,
    merge_commit_sha: sha,
    state: "closed",
    closed_at: call.now,
    closed_by: actor,
    mergeable: null,
    mergeable_state: "unknown",
  });
  touch(call, pull, actor, "merged", { commit_id: sha });
  touch(call, pull, actor, "closed");
  if (repository.delete_branch_on_merge && pull.head.repository === repository)
    repository.branches.delete(pull.head.ref);
  repository.pushed_at = call.now;
  repository.updated_at = call.now;
  return sha;
}

function commitBy(
  call: RepositoryCall,
  actor: Account,
  sha: string,
  message: string,
  parents: string[],
  files: Commit["files"],
): Commit {
  const email = actor.email ?? `${actor.id}+${actor.login}@users.noreply.github.com`;
  const author = { name: actor.name ?? actor.login, email, date: call.now, account: actor };
  const tree = call.repository.commits.get(parents[0] ?? "")?.tree ?? shaOf("tree", sha);
  return { sha, tree, message, author, committer: author, parents, files, verified: false, comments: [], statuses: [] };
}
