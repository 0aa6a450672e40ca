import { latestRelease } from "../../render/releases.ts";
import { forksOf } from "../../render/repositories.ts";
import type { Account, License, Pull, Repository } from "../../world/model.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, part, sameAccount } from "../context.ts";
import { pullRequestTemplates } from "../files.ts";
import { fitsFilters, hasLabel, type IssueFilters, ordered, type ThreadOrder } from "../issue-filters.ts";
import type { ReleasePart } from "../parts.ts";
import { reading } from "../reading.ts";
import { issuesOf, pullsOf } from "../references.ts";
import { refOf, tagOf } from "../refs.ts";
import { visibleReleases } from "../releases.ts";
import { compare, type RepositoryArguments } from "../repositories.ts";
import { reactionGroups } from "./threads.ts";

interface Ordered {
  orderBy?: { field: string; direction: "ASC" | "DESC" } | null;
}
type IssueArguments = PageArguments & {
  filterBy?: IssueFilters | null;
  labels?: string[] | null;
  states?: string[] | null;
  orderBy?: ThreadOrder | null;
};
type PullArguments = PageArguments & {
  baseRefName?: string | null;
  headRefName?: string | null;
  labels?: string[] | null;
  states?: string[] | null;
  orderBy?: ThreadOrder | null;
};

const url = (repository: Repository): string => `https://github.com/${repository.full_name}`;

export const repositories = {
  Repository: {
    ...reading,
    id: (repository: Repository) => repository.node_id,
    databaseId: (repository: Repository) => repository.id,
    nameWithOwner: (repository: Repository) => repository.full_name,
    url,
    resourcePath: (repository: Repository) => `/${repository.full_name}`,
    sshUrl: (repository: Repository) => `git@github.com:${repository.full_name}.git`,
    homepageUrl: (repository: Repository) => repository.homepage,
    mirrorUrl: () => null,
    openGraphImageUrl: (repository: Repository) => `https://opengraph.githubassets.com/0/${repository.full_name}`,
    usesCustomOpenGraphImage: () => false,
    parent: (repository: Repository, _: unknown, { mayRead }: GraphqlViewer) =>
      repository.parent && mayRead(repository.parent) ? repository.parent : null,
    templateRepository: () => null,
    diskUsage: (repository: Repository) => repository.size,
    forkCount: (repository: Repository, _: unknown, { world }: GraphqlViewer) => forksOf(world, repository).length,
    stargazerCount: (repository: Repository) => repository.stars,
    watchers: (repository: Repository) => ({ totalCount: repository.watchers }),
    stargazers: (repository: Repository) => ({ totalCount: repository.stars }),
    forks: (repository: Repository, page: PageArguments & RepositoryArguments, { world }: GraphqlViewer) =>
      connection(forksOf(world, repository), page, "forks"),
    visibility: (repository: Repository) => repository.visibility.toUpperCase(),
    isArchived: (repository: Repository) => repository.archived,
    isDisabled: (repository: Repository) => repository.disabled,
    isEmpty: (repository: Repository) => repository.commits.size === 0,
    isFork: (repository: Repository) => repository.parent !== null,
    isInOrganization: (repository: Repository) => repository.owner.type === "Organization",
    isLocked: () => false,
    isMirror: () => false,
    isPrivate: (repository: Repository) => repository.private,
    isTemplate: (repository: Repository) => repository.is_template,
    isBlankIssuesEnabled: () => true,
    isUserConfigurationRepository: (repository: Repository) => repository.name === repository.owner.login,
    isSecurityPolicyEnabled: (repository: Repository) => repository.files.has("SECURITY.md"),
    securityPolicyUrl: (repository: Repository) =>
      repository.files.has("SECURITY.md") ? `${url(repository)}/security/policy` : null,
    hasIssuesEnabled: (repository: Repository) => repository.has_issues,
    hasProjectsEnabled: (repository: Repository) => repository.has_projects,
    hasWikiEnabled: (repository: Repository) => repository.has_wiki,
    hasDiscussionsEnabled: (repository: Repository) => repository.has_discussions,
    forkingAllowed: (repository: Repository) => repository.allow_forking,
    mergeCommitAllowed: (repository: Repository) => repository.allow_merge_commit,
    rebaseMergeAllowed: (repository: Repository) => repository.allow_rebase_merge,
    squashMergeAllowed: (repository: Repository) => repository.allow_squash_merge,
    autoMergeAllowed: (repository: Repository) => repository.allow_auto_merge,
    codeOfConduct: () => null,
    licenseInfo: (repository: Repository) => repository.license,
    primaryLanguage: (repository: Repository) => {
      const [largest] = languages(repository);
      return largest ? { name: largest[0] } : null;
    },
    languages: (repository: Repository, page: PageArguments & Ordered) => {
      const { edges, ...rest } = connection(languages(repository), page, "languages", ([name]) => name);
      const totalSize = Object.values(repository.languages).reduce((sum, size) => sum + size, 0);
      const shown = edges.map(({ cursor, node: [name, size] }) => ({ cursor, size, node: { name } }));
      return { ...rest, nodes: shown.map((edge) => edge.node), edges: shown, totalSize };
    },
    repositoryTopics: (repository: Repository, page: PageArguments) =>
      connection(
        repository.topics.map((name) => ({ topic: { name } })),
        page,
        "repositoryTopics",
        (topic) => topic.topic.name,
      ),
    defaultBranchRef: (repository: Repository) => refOf(repository, repository.default_branch),
    ref: (repository: Repository, { qualifiedName }: { qualifiedName: string }) =>
      refOf(repository, qualifiedName) ?? tagOf(repository, qualifiedName),
    labels: (repository: Repository, page: PageArguments & Ordered & { query?: string | null }) =>
      connection(labels(repository, page), page, "labels"),
    label: (repository: Repository, { name }: { name: string }) => {
      const label = repository.labels.find((each) => each.name.toLowerCase() === name.toLowerCase());
      return label ? part("Label", label, repository) : null;
    },
    milestones: (repository: Repository, page: PageArguments & { states?: string[] | null; query?: string | null }) =>
      connection(
        repository.milestones
          .filter((milestone) => !page.states || page.states.includes(milestone.state.toUpperCase()))
          .filter((milestone) => !page.query || milestone.title.toLowerCase().includes(page.query.toLowerCase()))
          .map((milestone) => part("Milestone", milestone, repository)),
        page,
        "milestones",
      ),
    milestone: (repository: Repository, { number }: { number: number }) => {
      const milestone = repository.milestones.find((each) => each.number === number);
      return milestone ? part("Milestone", milestone, repository) : null;
    },
    assignableUsers: (repository: Repository, page: PageArguments & { query?: string | null }, viewer: GraphqlViewer) =>
      connection(people(repository, viewer), page, "assignableUsers"),
    mentionableUsers: (
      repository: Repository,
      page: PageArguments & { query?: string | null },
      viewer: GraphqlViewer,
    ) => connection(people(repository, viewer), page, "mentionableUsers"),
    projects: (_: Repository, page: PageArguments) => connection([], page, "projects"),
    projectsV2: (_: Repository, page: PageArguments) => connection([], page, "projectsV2"),
    rulesets: (_: Repository, page: PageArguments) => connection([], page, "rulesets"),
    issueTemplates: () => [],
    contactLinks: () => [],
    fundingLinks: () => [],
    pullRequestTemplates,
    issues: (repository: Repository, page: IssueArguments, viewer: GraphqlViewer) =>
      connection(issues(repository, page, viewer), page, "issues", (issue) => issue.issue_node_id),
    pullRequests: (repository: Repository, page: PullArguments) =>
      connection(pullRequests(repository, page), page, "pullRequests"),
    releases: (repository: Repository, page: PageArguments & Ordered, viewer: GraphqlViewer) => {
      const sign = page.orderBy?.direction === "DESC" ? -1 : 1;
      const all = visibleReleases(repository, viewer).sort(
        (a, b) => sign * (compare(a.created_at, b.created_at) || a.id - b.id),
      );
      return connection(
        all.map((release) => part("Release", release, repository)),
        page,
        "releases",
      );
    },
    release: (repository: Repository, { tagName }: { tagName: string }, viewer: GraphqlViewer) => {
      const release = visibleReleases(repository, viewer).find((each) => each.tag === tagName);
      return release ? part("Release", release, repository) : null;
    },
    latestRelease: (repository: Repository) => {
      const release = latestRelease(repository);
      return release ? part("Release", release, repository) : null;
    },
    viewerCanAdminister: (repository: Repository, _: unknown, viewer: GraphqlViewer) =>
      viewer.permission(repository) === "admin",
    viewerHasStarred: (repository: Repository, _: unknown, { account }: GraphqlViewer) =>
      repository.stargazers.some((each) => sameAccount(each, account)),
    viewerPermission: (repository: Repository, _: unknown, viewer: GraphqlViewer) =>
      viewer.permission(repository)?.toUpperCase() ?? null,
    viewerSubscription: (repository: Repository, _: unknown, { account }: GraphqlViewer) =>
      repository.subscribers.some((each) => sameAccount(each, account)) ? "SUBSCRIBED" : "UNSUBSCRIBED",
    viewerDefaultMergeMethod: (repository: Repository) =>
      repository.allow_merge_commit ? "MERGE" : repository.allow_squash_merge ? "SQUASH" : "REBASE",
    viewerDefaultCommitEmail: (_: Repository, __: unknown, { account }: GraphqlViewer) => account?.email ?? null,
    viewerPossibleCommitEmails: (_: Repository, __: unknown, { account }: GraphqlViewer) =>
      account?.email ? [account.email] : [],
  },
  License: {
    id: (license: License) => license.node_id,
    spdxId: (license: License) => license.spdx_id,
    nickname: () => null,
  },
  Release: {
    id: ({ of }: ReleasePart) => of.node_id,
    databaseId: ({ of }: ReleasePart) => of.id,
    name: ({ of }: ReleasePart) => of.name,
    tagName: ({ of }: ReleasePart) => of.tag,
    isDraft: ({ of }: ReleasePart) => of.draft,
    immutable: ({ of }: ReleasePart) => of.immutable,
    isPrerelease: ({ of }: ReleasePart) => of.prerelease,
    isLatest: (release: ReleasePart) => latestRelease(release.in)?.id === release.of.id,
    description: ({ of }: ReleasePart) => of.body,
    createdAt: ({ of }: ReleasePart) => of.created_at,
    publishedAt: ({ of }: ReleasePart) => of.published_at,
    updatedAt: ({ of }: ReleasePart) => of.updated_at,
    author: ({ of }: ReleasePart) => (of.author?.type === "User" ? of.author : null),
    url: (release: ReleasePart) => releaseUrl(release),
    reactionGroups: ({ of }: ReleasePart) => reactionGroups(of.reactions),
  },
};

/** As REST's `html_url`: a draft has no tag yet. */
function releaseUrl({ of, in: repository }: ReleasePart): string {
  const page = of.draft ? `untagged-${of.id.toString(16).padStart(20, "0")}` : encodeURIComponent(of.tag);
  return `${url(repository)}/releases/tag/${page}`;
}

function languages(repository: Repository): [string, number][] {
  return Object.entries(repository.languages).sort((a, b) => b[1] - a[1]);
}

const labelKeys: Record<string, (label: Repository["labels"][number]) => string | number> = {
  NAME: (label) => label.name.toLowerCase(),
  CREATED_AT: (label) => label.id,
};

function labels(repository: Repository, { query, orderBy }: Ordered & { query?: string | null }) {
  const key = (orderBy && labelKeys[orderBy.field]) ?? (() => 0);
  const sign = orderBy?.direction === "DESC" ? -1 : 1;
  return repository.labels
    .map((label, index) => ({ label, index }))
    .filter(({ label }) => !query || fitsText(`${label.name} ${label.description ?? ""}`, query))
    .sort((a, b) =>
      orderBy?.field === "CREATED_AT" ? sign * (a.index - b.index) : sign * compare(key(a.label), key(b.label)),
    )
    .map(({ label }) => part("Label", label, repository));
}

function fitsText(text: string, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}

function people(repository: Repository, { world }: GraphqlViewer): Account[] {
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const collaborators = [...repository.collaborators.keys()].map((login) => world.accounts.get(login.toLowerCase()));
  const all = [
    ...(repository.owner.type === "User" ? [repository.owner] : []),
    ...(organization?.members.map((member) => member.account) ?? []),
    ...collaborators.filter((account) => account !== undefined),
  ];
  return [...new Map(all.map((account) => [account.id, account])).values()];
}

function issues(repository: Repository, wanted: IssueArguments, viewer: GraphqlViewer) {
  const filters = { states: wanted.states ?? null, labels: wanted.labels ?? null, ...present(wanted.filterBy) };
  return ordered(
    issuesOf(repository).filter((issue) => fitsFilters(issue, filters, viewer)),
    wanted.orderBy,
  );
}

/** gh passes every filter, unset ones as null; those must not hide the filters beside `filterBy`. */
function present(filters: IssueFilters | null | undefined): IssueFilters {
  return Object.fromEntries(Object.entries(filters ?? {}).filter(([, value]) => value !== null));
}

function pullRequests(repository: Repository, wanted: PullArguments): Pull[] {
  const fitting = pullsOf(repository).filter(
    (pull) =>
      (!wanted.baseRefName || pull.base.ref === wanted.baseRefName) &&
      (!wanted.headRefName || pull.head.ref === wanted.headRefName) &&
      (!wanted.states || wanted.states.includes(pull.merged ? "MERGED" : pull.state.toUpperCase())) &&
      (!wanted.labels || wanted.labels.some((name) => hasLabel(pull, name))),
  );
  return ordered(fitting, wanted.orderBy);
}
