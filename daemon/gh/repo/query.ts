/** Repositories from gh's own queries, for data that REST lacks: asked with the caller's own token. */
import * as z from "zod";
import type { RepositoryName } from "../checkout/repository.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { goQuote } from "../go/quote.ts";
import { goTime } from "../go/time.ts";
import { queryOwn } from "../own-query.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const count = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const time = z.string().transform((value) => goTime(value));
const timeOrNone = time.nullable();
const total = z.object({ totalCount: z.int() });
const nodesOf = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node) }).transform(({ nodes }) => nodes);
const listOf = <T extends z.ZodRawShape>(shape: T) => z.array(z.object(shape)).nullable();
const owner = z.object({ id: z.string(), login: z.string() });
const mini = z.object({ id: z.string(), name: z.string(), owner }).nullable();
const person = { id: z.string(), login: z.string(), name: text };

interface Row {
  /** The selection within a repository; absent: the name alone. */
  readonly ask?: string;
  /** Parses the answer into gh's output, in gh's order of keys. */
  readonly value: z.ZodType;
}

/** By selection and output; some releases print people otherwise. */
function rowsFor(people: z.ZodType): Readonly<Record<string, Row>> {
  return {
    archivedAt: { value: timeOrNone },
    assignableUsers: { ask: "(first: 100) { nodes { id login name } }", value: people },
    codeOfConduct: { ask: "{ key name url }", value: z.object({ key: z.string(), name: text, url: text }).nullable() },
    contactLinks: { ask: "{ about name url }", value: listOf({ about: text, name: text, url: text }) },
    createdAt: { value: time },
    defaultBranchRef: {
      ask: "{ name }",
      value: z
        .object({ name: z.string() })
        .nullable()
        .transform((ref) => ref ?? { name: "" }),
    },
    deleteBranchOnMerge: { value: flag },
    description: { value: text },
    diskUsage: { value: count },
    forkCount: { value: count },
    fundingLinks: { ask: "{ platform url }", value: listOf({ platform: text, url: text }) },
    hasDiscussionsEnabled: { value: flag },
    hasIssuesEnabled: { value: flag },
    hasProjectsEnabled: { value: flag },
    hasWikiEnabled: { value: flag },
    homepageUrl: { value: text },
    id: { value: text },
    isArchived: { value: flag },
    isBlankIssuesEnabled: { value: flag },
    isEmpty: { value: flag },
    isFork: { value: flag },
    isInOrganization: { value: flag },
    isMirror: { value: flag },
    isPrivate: { value: flag },
    isSecurityPolicyEnabled: { value: flag },
    isTemplate: { value: flag },
    isUserConfigurationRepository: { value: flag },
    issueTemplates: {
      ask: "{ name title body about }",
      value: listOf({ name: text, title: text, body: text, about: text }),
    },
    issues: { ask: "(states: OPEN) { totalCount }", value: total },
    labels: {
      ask: "(first: 100) { nodes { id color name description } }",
      value: nodesOf(z.object({ id: z.string(), name: z.string(), description: text, color: z.string() })),
    },
    languages: {
      ask: "(first: 100) { edges { size node { name } } }",
      value: z
        .object({ edges: z.array(z.object({ size: z.int(), node: z.object({ name: z.string() }) })) })
        .transform(({ edges }) => edges),
    },
    latestRelease: {
      ask: "{ publishedAt tagName name url }",
      value: z.object({ name: text, tagName: text, url: text, publishedAt: time }).nullable(),
    },
    licenseInfo: {
      ask: "{ key name nickname }",
      value: z.object({ key: text, name: text, nickname: text }).nullable(),
    },
    mentionableUsers: { ask: "(first: 100) { nodes { id login name } }", value: people },
    mergeCommitAllowed: { value: flag },
    milestones: {
      ask: "(first: 100, states: OPEN) { nodes { number title description dueOn } }",
      value: nodesOf(z.object({ number: z.int(), title: text, description: text, dueOn: timeOrNone })),
    },
    mirrorUrl: { value: text },
    name: { value: text },
    nameWithOwner: { value: text },
    openGraphImageUrl: { value: text },
    owner: { ask: "{ id login }", value: owner },
    parent: { ask: "{ id name owner { id login } }", value: mini },
    primaryLanguage: { ask: "{ name }", value: z.object({ name: z.string() }).nullable() },
    projects: {
      ask: "(first: 100, states: OPEN) { nodes { id name number body resourcePath } }",
      // gh's output for a project is not known.
      value: nodesOf(z.never()),
    },
    pullRequestTemplates: { ask: "{ body filename }", value: listOf({ filename: text, body: text }) },
    pullRequests: { ask: "(states: OPEN) { totalCount }", value: total },
    pushedAt: { value: timeOrNone },
    rebaseMergeAllowed: { value: flag },
    repositoryTopics: {
      ask: "(first: 100) { nodes { topic { name } } }",
      value: nodesOf(z.object({ topic: z.object({ name: z.string() }) })).transform((nodes) =>
        // gh has no list then.
        nodes.length === 0 ? null : nodes.map(({ topic }) => topic),
      ),
    },
    securityPolicyUrl: { value: text },
    squashMergeAllowed: { value: flag },
    sshUrl: { value: text },
    stargazerCount: { value: count },
    templateRepository: { ask: "{ id name owner { id login } }", value: mini },
    updatedAt: { value: time },
    url: { value: text },
    usesCustomOpenGraphImage: { value: flag },
    viewerCanAdminister: { value: flag },
    viewerDefaultCommitEmail: { value: text },
    viewerDefaultMergeMethod: { value: text },
    viewerHasStarred: { value: flag },
    viewerPermission: { value: text },
    viewerPossibleCommitEmails: { value: z.array(z.string()).nullable() },
    viewerSubscription: { value: text },
    visibility: { value: text },
    watchers: { ask: "{ totalCount }", value: total },
  };
}

interface Asking {
  readonly selection: string;
  readonly schema: z.ZodType<Readonly<Record<string, unknown>>>;
}

/** The selection of these fields in a repository, and the schema of the answer. */
function askingFor(fields: readonly string[], context: Context): Asking {
  // Later releases print a number of each person that they do not ask for.
  const people = fields.some((field) => field === "assignableUsers" || field === "mentionableUsers")
    ? nodesOf(z.object(person)).transform((nodes) =>
        context.gh.has("assigneeIds") ? nodes.map((each) => ({ ...each, databaseId: 0 })) : nodes,
      )
    : z.never();
  const rows = rowsFor(people);
  const asked = [...new Set(fields)].toSorted().map((field): readonly [string, Row] => {
    const row = rows[field];
    return [field, row ?? context.native(`${field} is not asked for here`)];
  });
  return {
    selection: asked.map(([field, { ask = "" }]) => `${field}${ask}`).join(" "),
    schema: z.object(Object.fromEntries(asked.map(([field, { value }]) => [field, value]))),
  };
}

function settingsOf(fields: readonly string[]) {
  return { why: `${fields.join(", ")}: GraphQL's answer depends on the caller`, live: false };
}

/** The fields of one repository, as gh prints them. */
export async function queryRepository(
  context: Context,
  { owner: login, name }: RepositoryName,
  fields: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const { selection, schema } = askingFor(fields, context);
  const query = `query RepositoryInfo($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${selection} } }`;
  const data = z.object({ repository: schema });
  return (await queryOwn(context, { query, variables: { owner: login, name } }, data, settingsOf(fields))).repository;
}

/** A list of repositories as gh asks for it. */
interface QueriedRepositories {
  /** Empty: the caller. */
  readonly owner: string;
  readonly limit: number;
  /** Empty: any. */
  readonly visibility: string;
  /** Whether only forks are wanted, or none; undefined: both. */
  readonly forks: boolean | undefined;
}

/** A list, whether it is all of it or its beginning. */
export interface QueriedList {
  /** As GitHub spells it; empty where it gives none. */
  readonly login: string;
  readonly total: number;
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
}

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const pageSize = 100;
/** The real gh reads further pages: each is a query of the caller's. */
const mostPages = 10;

/** The repositories of an owner, latest push first. */
export async function queryOwned(
  context: Context,
  { owner: login, limit, visibility, forks }: QueriedRepositories,
  fields: readonly string[],
): Promise<QueriedList> {
  const { selection, schema } = askingFor(fields, context);
  const named = login !== "";
  const query = `query RepositoryList($perPage: Int!, $endCursor: String, $privacy: RepositoryPrivacy, $fork: Boolean${
    named ? ", $owner: String!" : ""
  }) { ${named ? "repositoryOwner(login: $owner)" : "repositoryOwner: viewer"} { login
    repositories(first: $perPage, after: $endCursor, privacy: $privacy, isFork: $fork, ownerAffiliations: OWNER,
      orderBy: { field: PUSHED_AT, direction: DESC }) {
      nodes { ${selection} } totalCount pageInfo { hasNextPage endCursor } } } }`;
  const variables = {
    perPage: Math.min(limit, pageSize),
    ...(named && { owner: login }),
    ...(visibility !== "" && { privacy: visibility.toUpperCase() }),
    ...(forks !== undefined && { fork: forks }),
  };
  const list = z.object({ nodes: z.array(schema), totalCount: z.int(), pageInfo });
  const data = z.object({ repositoryOwner: z.object({ login: z.string(), repositories: list }).nullable() });
  return readPages(context, limit, async (endCursor) => {
    const page = { ...variables, ...(endCursor !== undefined && { endCursor }) };
    const { repositoryOwner } = await queryOwn(context, { query, variables: page }, data, settingsOf(fields));
    if (repositoryOwner === null) throw unknownOwner(login);
    const { nodes, totalCount, pageInfo: info } = repositoryOwner.repositories;
    return { login: repositoryOwner.login, total: totalCount, nodes, info };
  });
}

function unknownOwner(login: string): CommandFailure {
  const words = "was not recognized as either a GitHub user or an organization";
  return new CommandFailure(`the owner handle ${goQuote(login)} ${words}`);
}

/** Those that a search finds. */
export async function querySearched(
  context: Context,
  { text: search, limit }: { readonly text: string; readonly limit: number },
  fields: readonly string[],
): Promise<QueriedList> {
  const { selection, schema } = askingFor(fields, context);
  const query = `query RepositoryListSearch($query: String!, $perPage: Int!, $endCursor: String) {
    search(type: REPOSITORY, query: $query, first: $perPage, after: $endCursor) { repositoryCount
      nodes { ... on Repository { ${selection} } } pageInfo { hasNextPage endCursor } } }`;
  const variables = { query: search, perPage: Math.min(limit, pageSize) };
  const data = z.object({ search: z.object({ repositoryCount: z.int(), nodes: z.array(schema), pageInfo }) });
  return readPages(context, limit, async (endCursor) => {
    const page = { ...variables, ...(endCursor !== undefined && { endCursor }) };
    const { search: found } = await queryOwn(context, { query, variables: page }, data, settingsOf(fields));
    const { nodes, repositoryCount, pageInfo: info } = found;
    return { login: "", total: repositoryCount, nodes, info };
  });
}

async function readPages(
  context: Context,
  limit: number,
  read: (endCursor: string | undefined) => Promise<QueriedList & { readonly info: z.infer<typeof pageInfo> }>,
): Promise<QueriedList> {
  const nodes: Readonly<Record<string, unknown>>[] = [];
  let endCursor: string | undefined;
  for (let pages = 1; pages <= mostPages; pages++) {
    const page = await read(endCursor);
    nodes.push(...page.nodes);
    endCursor = page.info.endCursor ?? undefined;
    if (nodes.length >= limit || !page.info.hasNextPage) {
      return { login: page.login, total: page.total, nodes: nodes.slice(0, limit) };
    }
  }
  return context.native(`more than ${mostPages} pages`);
}
