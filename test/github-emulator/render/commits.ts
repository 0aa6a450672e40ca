import { apiUrl, webUrl } from "../http.ts";
import { nodeId } from "../world/ids.ts";
import type { ChangedFile, Commit, CommitComment, Repository, Signature } from "../world/model.ts";
import { reactionCounts, user } from "./accounts.ts";

/** A commit as lists show it. */
export function commitItem(repository: Repository, commit: Commit): object {
  const url = `${apiUrl}/repos/${repository.full_name}`;
  const host = `${webUrl}/${repository.full_name}`;
  return {
    sha: commit.sha,
    node_id: nodeId("C", repository.id, commit.sha),
    commit: {
      author: signature(commit.author),
      committer: signature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: commit.comments.length,
      verification: verification(commit),
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${host}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: user(commit.author.account),
    committer: user(commit.committer.account),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${host}/commit/${sha}` })),
  };
}

/** A commit with its statistics and the given page of its files. */
export function commitView(repository: Repository, commit: Commit, files: ChangedFile[]): object {
  return {
    ...commitItem(repository, commit),
    stats: stats(commit.files),
    files: files.map((file) => changedFile(repository, commit.sha, file)),
  };
}

export function stats(files: ChangedFile[]): { total: number; additions: number; deletions: number } {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

export function changedFile(repository: Repository, sha: string, file: ChangedFile): object {
  const path = encodeURIComponent(file.path);
  const host = `${webUrl}/${repository.full_name}`;
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${host}/blob/${sha}/${path}`,
    raw_url: `${host}/raw/${sha}/${path}`,
    contents_url: `${apiUrl}/repos/${repository.full_name}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous_path === undefined ? {} : { previous_filename: file.previous_path }),
  };
}

/** A commit of the git database. */
export function gitCommit(repository: Repository, commit: Commit): object {
  const url = `${apiUrl}/repos/${repository.full_name}/git`;
  const host = `${webUrl}/${repository.full_name}`;
  return {
    sha: commit.sha,
    node_id: nodeId("C", repository.id, commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${host}/commit/${commit.sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${host}/commit/${sha}` })),
    verification: verification(commit),
  };
}

export function signature({ name, email, date }: Signature): object {
  return { name, email, date };
}

function verification(commit: Commit): object {
  if (!commit.verified)
    return { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  const { author, committer } = commit;
  const seconds = (date: string) => Date.parse(date) / 1000;
  const payload = [
    `tree ${commit.tree}`,
    ...commit.parents.map((sha) => `parent ${sha}`),
    `author ${author.name} <${author.email}> ${seconds(author.date)} +0000`,
    `committer ${committer.name} <${committer.email}> ${seconds(committer.date)} +0000`,
    "",
    commit.message,
  ].join("\n");
  const text = `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from(commit.sha).toString("base64")}\n-----END PGP SIGNATURE-----\n`;
  return { verified: true, reason: "valid", signature: text, payload, verified_at: committer.date };
}

export function commitComment(repository: Repository, commit: Commit, comment: CommitComment): object {
  const url = `${apiUrl}/repos/${repository.full_name}/comments/${comment.id}`;
  return {
    url,
    html_url: `${webUrl}/${repository.full_name}/commit/${commit.sha}#commitcomment-${comment.id}`,
    id: comment.id,
    node_id: comment.node_id,
    user: user(comment.author),
    position: null,
    line: comment.line,
    path: comment.path,
    commit_id: commit.sha,
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    author_association: comment.association,
    body: comment.body,
    reactions: reactionCounts(comment.reactions, url),
  };
}

/** The head commit as runs and check suites show it. */
export function headCommit(commit: Commit | undefined): object | null {
  if (!commit) return null;
  const person = ({ name, email }: Signature) => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
  };
}
