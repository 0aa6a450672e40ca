import { addChecks } from "./build-checks.ts";
import { addCommits, buildTree, newestDate, webFlow } from "./build-git.ts";
import { ghost, type PullPlan } from "./build-pulls.ts";
import { openedAt } from "./build-threads.ts";
import { type BuildContext, latest, namedId } from "./context.ts";
import { nodeId, shaOf } from "./ids.ts";
import { licenseOf } from "./licenses.ts";
import type { Commit, Repository } from "./model.ts";
import type { CommitInput, RepositoryInput } from "./schema.ts";

/** A repository with its labels, milestones and files, and nothing that happened in it yet. */
export function createRepository(context: BuildContext, input: RepositoryInput): Repository {
  const [owner = "", name = ""] = input.name.split("/");
  const account = context.account(owner);
  const id = namedId(context, "repository", input.id, input.name.toLowerCase());
  const created_at = input.created_at ?? context.after(context.now, -(300 + (id % 500)) * 86_400);
  const visibility = input.visibility ?? (input.private ? "private" : "public");
  const repository: Repository = {
    id,
    node_id: nodeId("R", id),
    owner: account,
    name,
    full_name: `${account.login}/${name}`,
    private: visibility !== "public",
    visibility,
    description: input.description,
    homepage: input.homepage,
    parent: null,
    default_branch: input.default_branch,
    archived: input.archived,
    disabled: input.disabled,
    is_template: input.is_template,
    topics: input.topics,
    languages: input.languages,
    license: licenseOf(input.license),
    has_issues: input.has_issues,
    has_projects: input.has_projects,
    has_wiki: input.has_wiki,
    has_pages: input.has_pages,
    has_discussions: input.has_discussions,
    allow_forking: input.allow_forking,
    allow_squash_merge: input.allow_squash_merge,
    allow_merge_commit: input.allow_merge_commit,
    allow_rebase_merge: input.allow_rebase_merge,
    allow_auto_merge: input.allow_auto_merge,
    delete_branch_on_merge: input.delete_branch_on_merge,
    created_at,
    updated_at: input.updated_at ?? created_at,
    pushed_at: input.pushed_at ?? created_at,
    size: 0,
    stars: Math.max(input.stars ?? 0, input.stargazers.length),
    watchers: Math.max(input.watchers ?? 0, input.subscribers.length),
    stargazers: input.stargazers.map(context.account),
    subscribers: input.subscribers.map(context.account),
    collaborators: new Map(
      Object.entries(input.collaborators).flatMap(([login, each]) => (each ? [[login.toLowerCase(), each]] : [])),
    ),
    labels: [],
    milestones: [],
    files: buildTree(input.files),
    commits: new Map(),
    branches: new Map(),
    tags: new Map(),
    threads: new Map(),
    workflows: [],
    runs: [],
    suites: [],
    releases: [],
    deployments: [],
    events: [],
  };
  const bytes = [...repository.files.values()].reduce((sum, content) => sum + (content?.length ?? 0), 0);
  repository.size = input.size ?? Math.ceil(bytes / 1024);
  const labelIds = input.labels.map((label) =>
    namedId(context, "label", "id" in label ? label.id : undefined, `${input.name}/${label.name}`),
  );
  // GitHub's ids grow as labels are made, and the world names them in that order.
  if (!input.labels.some((label) => "id" in label && label.id !== undefined)) labelIds.sort((a, b) => a - b);
  repository.labels = input.labels.map((label, index) => {
    const labelId = labelIds[index] ?? 0;
    return { ...label, id: labelId, node_id: nodeId("LA", id, labelId) };
  });
  repository.milestones = input.milestones.map((milestone, index) => {
    const milestoneId = namedId(context, "milestone", milestone.id, `${input.name}/${milestone.title}`);
    const opened = milestone.created_at ?? context.after(created_at, (index + 1) * 86_400);
    return {
      id: milestoneId,
      node_id: nodeId("MI", id, milestoneId),
      number: milestone.number ?? index + 1,
      title: milestone.title,
      description: milestone.description,
      state: milestone.state,
      creator: context.actor(milestone.creator === undefined ? ownerLogin(repository) : milestone.creator),
      created_at: opened,
      updated_at: milestone.updated_at ?? milestone.closed_at ?? opened,
      due_on: milestone.due_on,
      closed_at: milestone.closed_at ?? (milestone.state === "closed" ? context.after(opened, 30 * 86_400) : null),
    };
  });
  return repository;
}

function ownerLogin(repository: Repository): string | null {
  return repository.owner.type === "Organization" ? null : repository.owner.login;
}

/** Numbers and merge dates, which history needs before the pull requests themselves can be built. */
export function planThreads(
  context: BuildContext,
  repository: Repository,
  input: RepositoryInput,
): { pulls: PullPlan[]; issues: number[] } {
  const used = new Set([...input.issues, ...input.pulls].flatMap((each) => each.number ?? []));
  let next = 1;
  const numberOf = (explicit?: number): number => {
    if (explicit) return explicit;
    while (used.has(next)) next += 1;
    used.add(next);
    return next;
  };
  const issues = input.issues.map((each) => numberOf(each.number));
  const pulls = input.pulls.map((each): PullPlan => {
    const number = numberOf(each.number);
    const opened = openedAt(context, repository, number, each.created_at);
    const merged = each.merged || each.merged_at !== undefined;
    const merged_at = merged ? (each.merged_at ?? each.closed_at ?? context.after(opened, 3 * 86_400)) : null;
    const test = each.state === "closed" ? null : shaOf(repository.full_name, "test-merge", number);
    const merge_sha = merged ? shaOf(repository.full_name, "merge", number) : test;
    return {
      input: each,
      number,
      merged_at,
      merge_sha: each.merge_commit_sha === undefined ? merge_sha : each.merge_commit_sha,
    };
  });
  return { pulls, issues };
}

/** Branches, tags and commits; merged pull requests join the history of the branch they went into, by date. */
export function buildHistory(
  context: BuildContext,
  repository: Repository,
  input: RepositoryInput,
  pulls: PullPlan[],
): void {
  const root: CommitInput = {
    message: "Initial commit",
    author: ownerLogin(repository) ?? context.account("web-flow").login,
    files: [],
    verified: false,
    comments: [],
    statuses: [],
    checks: [],
  };
  const written = input.commits.length > 0 ? input.commits : [root];
  const commits = addCommits(context, repository, written, {
    scope: "commit",
    parent: null,
    start: repository.created_at,
  });
  for (const [index, commit] of commits.entries())
    addChecks(context, repository, commit, written[index]?.checks ?? [], repository.default_branch);
  const into = (branch: string) =>
    pulls.filter((plan) => plan.merged_at && (plan.input.base?.ref ?? repository.default_branch) === branch);
  const head = weave(context, repository, commits, into(repository.default_branch));
  const rules = input.protection;
  setBranch(repository, repository.default_branch, head, { protection: rules, protected: rules !== undefined });
  for (const branch of input.branches) {
    const from = branch.from ? (repository.branches.get(branch.from)?.sha ?? branch.from) : head;
    const start = context.after(repository.commits.get(from)?.committer.date ?? repository.created_at, 3600);
    const own = addCommits(context, repository, branch.commits, { scope: branch.name, parent: from, start });
    for (const [index, commit] of own.entries())
      addChecks(context, repository, commit, branch.commits[index]?.checks ?? [], branch.name);
    const base = repository.commits.get(from);
    const woven = weave(context, repository, own.length > 0 || !base ? own : [base], into(branch.name)) || from;
    setBranch(repository, branch.name, woven, { ...branch, files: buildTree(branch.files) });
  }
  for (const tag of input.tags) addTag(context, repository, tag);
  repository.pushed_at = input.pushed_at ?? newestDate(repository.commits.values(), repository.created_at);
  repository.updated_at = input.updated_at ?? latest(repository.updated_at, repository.pushed_at);
}

type BranchSettings = Partial<Pick<RepositoryInput["branches"][number], "protected" | "protection">> & {
  files?: Repository["files"];
};

function setBranch(repository: Repository, name: string, sha: string, settings: BranchSettings): void {
  repository.branches.set(name, {
    name,
    sha,
    protected: settings.protected ?? settings.protection !== undefined,
    required_checks: settings.protection?.required_checks ?? [],
    required_approvals: settings.protection?.required_approvals ?? 0,
    files: settings.files ?? new Map(),
  });
}

/** Puts merge commits between a branch's own commits and links each to the one before; gives the newest. */
function weave(context: BuildContext, repository: Repository, own: Commit[], merges: PullPlan[]): string {
  const first = own[0];
  const added = merges.flatMap((plan) =>
    plan.merged_at && plan.merge_sha ? [mergeCommit(context, repository, plan, plan.merged_at, plan.merge_sha)] : [],
  );
  const chain = [...own, ...added].sort((a, b) => a.committer.date.localeCompare(b.committer.date));
  let previous: Commit | undefined;
  for (const commit of chain) {
    if (previous && commit !== first && (commit.parents.length < 2 || added.includes(commit))) {
      commit.parents = [previous.sha, ...commit.parents.slice(1)];
    }
    previous = commit;
  }
  return previous?.sha ?? "";
}

function mergeCommit(
  context: BuildContext,
  repository: Repository,
  plan: PullPlan,
  merged_at: string,
  sha: string,
): Commit {
  const { input, number } = plan;
  const [title = "", body = ""] =
    input.merge_method === "merge"
      ? [`Merge pull request #${number} from ${repository.owner.login}/${input.head.ref}`, input.title]
      : [`${input.title} (#${number})`, ""];
  const message = body ? `${title}\n\n${body}` : title;
  const author = input.author ?? ghost;
  const [commit] = addCommits(
    context,
    repository,
    [
      {
        sha,
        message,
        author,
        date: merged_at,
        files: input.files,
        verified: true,
        comments: [],
        statuses: [],
        checks: [],
      },
    ],
    { scope: `merge/${number}`, parent: null, start: merged_at },
  );
  if (!commit) throw new Error("a merge commit was not built");
  commit.committer = webFlow(context, merged_at);
  return commit;
}

function addTag(context: BuildContext, repository: Repository, tag: RepositoryInput["tags"][number]): void {
  const target = tag.target ?? repository.default_branch;
  const sha = repository.branches.get(target)?.sha ?? target;
  const date = tag.date ?? repository.commits.get(sha)?.committer.date ?? repository.created_at;
  const account = context.account(
    tag.tagger ?? repository.commits.get(sha)?.author.account?.login ?? repository.owner.login,
  );
  const email = account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
  const tagger = { name: account.name ?? account.login, email, date, account };
  const annotation =
    tag.message === undefined
      ? null
      : { sha: shaOf(repository.full_name, "tag", tag.name, tag.message), message: tag.message, tagger };
  repository.tags.set(tag.name, { name: tag.name, sha, annotation });
}
