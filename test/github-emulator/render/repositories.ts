import { mayWrite, permissionFlags, permissionOn, type Viewer } from "../auth.ts";
import { apiUrl, webUrl } from "../http.ts";
import type { Label, License, Milestone, Repository, World } from "../world/model.ts";
import { user } from "./accounts.ts";

/** The 46 fields of a repository inside runs and check suites. */
export function minimalRepository(repository: Repository): object {
  const url = `${apiUrl}/repos/${repository.full_name}`;
  return {
    id: repository.id,
    node_id: repository.node_id,
    name: repository.name,
    full_name: repository.full_name,
    private: repository.private,
    owner: user(repository.owner),
    html_url: `${webUrl}/${repository.full_name}`,
    description: repository.description,
    fork: repository.parent !== null,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** The 79 fields of a repository inside pull requests and lists. */
export function repositoryItem(world: World, repository: Repository): object {
  const forks = forksOf(world, repository).length;
  const open = openThreads(repository);
  const host = `${webUrl}/${repository.full_name}`;
  return {
    ...minimalRepository(repository),
    created_at: repository.created_at,
    updated_at: repository.updated_at,
    pushed_at: repository.pushed_at,
    git_url: `git://github.com/${repository.full_name}.git`,
    ssh_url: `git@github.com:${repository.full_name}.git`,
    clone_url: `${host}.git`,
    svn_url: host,
    homepage: repository.homepage,
    size: repository.size,
    stargazers_count: repository.stars,
    watchers_count: repository.stars,
    language: mainLanguage(repository),
    has_issues: repository.has_issues,
    has_projects: repository.has_projects,
    has_downloads: true,
    has_wiki: repository.has_wiki,
    has_pages: repository.has_pages,
    has_discussions: repository.has_discussions,
    forks_count: forks,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: open,
    license: license(repository.license),
    allow_forking: repository.allow_forking,
    is_template: repository.is_template,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.visibility,
    forks,
    open_issues: open,
    watchers: repository.stars,
    default_branch: repository.default_branch,
  };
}

/** As in lists: with the permissions of the caller, if there are credentials. */
export function repositoryListItem(world: World, viewer: Viewer, repository: Repository): object {
  return { ...repositoryItem(world, repository), ...permissions(world, viewer, repository) };
}

/** The full view; merge settings and the like only for users with write access. */
export function repositoryView(world: World, viewer: Viewer, repository: Repository): object {
  const organization = world.organizations.has(repository.owner.login.toLowerCase());
  const writes = mayWrite(permissionOn(world, viewer, repository));
  return {
    ...repositoryItem(world, repository),
    ...permissions(world, viewer, repository),
    temp_clone_token: viewer.kind === "anonymous" ? null : "",
    ...(writes && viewer.kind === "user" ? mergeSettings(repository) : {}),
    ...(organization ? { custom_properties: {}, organization: user(repository.owner) } : {}),
    ...(repository.parent
      ? { parent: repositoryItem(world, repository.parent), source: repositoryItem(world, sourceOf(repository)) }
      : {}),
    network_count: forksOf(world, sourceOf(repository)).length,
    subscribers_count: repository.watchers,
  };
}

function mergeSettings(repository: Repository): object {
  return {
    allow_squash_merge: repository.allow_squash_merge,
    allow_merge_commit: repository.allow_merge_commit,
    allow_rebase_merge: repository.allow_rebase_merge,
    allow_auto_merge: repository.allow_auto_merge,
    delete_branch_on_merge: repository.delete_branch_on_merge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: "COMMIT_MESSAGES",
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    merge_commit_message: "PR_TITLE",
    merge_commit_title: "MERGE_MESSAGE",
  };
}

function permissions(world: World, viewer: Viewer, repository: Repository): object {
  const permission = permissionOn(world, viewer, repository);
  return viewer.kind === "anonymous" || permission === null ? {} : { permissions: permissionFlags(permission) };
}

function sourceOf(repository: Repository): Repository {
  return repository.parent ? sourceOf(repository.parent) : repository;
}

export function forksOf(world: World, repository: Repository): Repository[] {
  return [...world.repositories.values()].filter((each) => each.parent === repository);
}

export function mainLanguage(repository: Repository): string | null {
  return Object.entries(repository.languages).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function openThreads(repository: Repository): number {
  let count = 0;
  for (const thread of repository.threads.values()) if (thread.state === "open") count += 1;
  return count;
}

export function license(found: License | null): object | null {
  if (!found) return null;
  const listed = found.key !== "other";
  return {
    key: found.key,
    name: found.name,
    spdx_id: found.spdx_id,
    url: listed ? `${apiUrl}/licenses/${found.key}` : null,
    node_id: found.node_id,
  };
}

export function label(repository: Repository, each: Label): object {
  return {
    id: each.id,
    node_id: each.node_id,
    url: `${apiUrl}/repos/${repository.full_name}/labels/${encodeURIComponent(each.name)}`,
    name: each.name,
    color: each.color,
    default: each.default,
    description: each.description,
  };
}

export function milestone(repository: Repository, each: Milestone): object {
  const url = `${apiUrl}/repos/${repository.full_name}/milestones/${each.number}`;
  const threads = [...repository.threads.values()].filter((thread) => thread.milestone === each);
  const open = threads.filter((thread) => thread.state === "open").length;
  return {
    url,
    html_url: `${webUrl}/${repository.full_name}/milestone/${each.number}`,
    labels_url: `${url}/labels`,
    id: each.id,
    node_id: each.node_id,
    number: each.number,
    title: each.title,
    description: each.description,
    creator: user(each.creator),
    open_issues: open,
    closed_issues: threads.length - open,
    state: each.state,
    created_at: each.created_at,
    updated_at: each.updated_at,
    due_on: each.due_on,
    closed_at: each.closed_at,
  };
}
