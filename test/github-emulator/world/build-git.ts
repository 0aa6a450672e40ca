import { type BuildContext, latest } from "./context.ts";
import { nodeId, shaOf } from "./ids.ts";
import type { ChangedFile, Commit, Repository, Signature, Status, Tree } from "./model.ts";
import type { CommitInput, FileInput, TreeInput } from "./schema.ts";
import { rootTree } from "./trees.ts";

/** The account and the address GitHub signs its own commits with. */
export function webFlow(context: BuildContext, date: string): Signature {
  return { name: "GitHub", email: "noreply@github.com", date, account: context.account("web-flow") };
}

function signature(context: BuildContext, input: CommitInput["author"], date: string): Signature {
  if (typeof input !== "string") {
    return { name: input.name, email: input.email, date, account: context.actor(input.login) };
  }
  const account = context.account(input);
  const email = account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
  return { name: account.name ?? account.login, email, date, account: context.actor(input) };
}

interface Chain {
  /** Distinguishes equal commits of different places. */
  scope: string;
  parent: string | null;
  /** The date of the first commit that has none. */
  start: string;
}

/** Builds commits that follow one another and adds them to the repository. */
export function addCommits(
  context: BuildContext,
  repository: Repository,
  inputs: CommitInput[],
  chain: Chain,
): Commit[] {
  let parent = chain.parent;
  let date = chain.start;
  return inputs.map((input, index) => {
    date = input.date ?? (index === 0 ? date : context.after(date, 3600));
    const committed = input.committed_at ?? date;
    const commit: Commit = {
      sha: input.sha ?? shaOf(repository.full_name, chain.scope, index, input.message),
      tree: rootTree(repository.files),
      message: input.message,
      author: signature(context, input.author, date),
      committer: signature(context, input.committer ?? input.author, committed),
      parents: input.parents ?? (parent ? [parent] : []),
      files: input.files.map(changedFile),
      verified: input.verified,
      comments: [],
      statuses: [],
    };
    commit.comments = input.comments.map((comment, at) => {
      const created_at = comment.created_at ?? context.after(committed, (at + 1) * 1800);
      const id = comment.id ?? context.ids.timed("commit_comment", created_at);
      return {
        id,
        node_id: nodeId("CC", repository.id, id),
        author: context.actor(comment.author),
        body: comment.body,
        created_at,
        updated_at: comment.updated_at ?? created_at,
        association: comment.association ?? "NONE",
        reactions: context.reactions(comment.reactions),
        minimized: comment.minimized ?? null,
        app: comment.app ?? null,
        path: comment.path ?? null,
        line: comment.line ?? null,
      };
    });
    commit.statuses = input.statuses.map((status) => buildStatus(context, repository, status, committed));
    repository.commits.set(commit.sha, commit);
    parent = commit.sha;
    return commit;
  });
}

export function buildStatus(
  context: BuildContext,
  repository: Repository,
  input: CommitInput["statuses"][number],
  committed: string,
): Status {
  const created_at = input.created_at ?? context.after(committed, 60);
  const id = input.id ?? context.ids.timed("status", created_at);
  return {
    id,
    node_id: nodeId("SC", repository.id, id),
    context: input.context,
    state: input.state,
    description: input.description,
    target_url: input.target_url,
    creator: input.creator === undefined ? repository.owner : context.actor(input.creator),
    created_at,
    updated_at: input.updated_at ?? created_at,
  };
}

export function changedFile(input: FileInput): ChangedFile {
  const lines = input.patch?.split("\n") ?? [];
  const count = (sign: string) =>
    lines.filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
  return {
    ...input,
    sha: shaOf("blob", input.path, input.patch ?? ""),
    additions: input.additions ?? count("+"),
    deletions: input.deletions ?? count("-"),
  };
}

/** The files several commits changed together. */
export function mergeFiles(commits: Commit[]): ChangedFile[] {
  const byPath = new Map<string, ChangedFile>();
  for (const file of commits.flatMap((commit) => commit.files)) {
    const earlier = byPath.get(file.path);
    byPath.set(
      file.path,
      earlier
        ? {
            ...file,
            status: earlier.status,
            additions: earlier.additions + file.additions,
            deletions: earlier.deletions + file.deletions,
          }
        : file,
    );
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function buildTree(input: TreeInput): Tree {
  return new Map(
    Object.entries(input).map(([path, content]) => [
      path,
      content === null
        ? null
        : typeof content === "string"
          ? Buffer.from(content)
          : Buffer.from(content.base64, "base64"),
    ]),
  );
}

/** From the newest to the oldest, along all parents, by date. */
export function history(repository: Repository, from: string): Commit[] {
  const seen = new Map<string, Commit>();
  const queue = [from];
  for (let sha = queue.pop(); sha; sha = queue.pop()) {
    const commit = repository.commits.get(sha);
    if (!commit || seen.has(sha)) continue;
    seen.set(sha, commit);
    queue.push(...commit.parents);
  }
  const order = new Map([...seen.keys()].map((sha, index) => [sha, index]));
  return [...seen.values()].sort(
    (a, b) => b.committer.date.localeCompare(a.committer.date) || (order.get(a.sha) ?? 0) - (order.get(b.sha) ?? 0),
  );
}

/** The newest commit of a branch that existed at a time; else its oldest. */
export function tipAt(repository: Repository, from: string, at: string): string {
  const commits = history(repository, from);
  return (commits.find((commit) => commit.committer.date <= at) ?? commits.at(-1))?.sha ?? from;
}

export function newestDate(commits: Iterable<Commit>, fallback: string): string {
  let newest = fallback;
  for (const commit of commits) newest = latest(newest, commit.committer.date);
  return newest;
}
