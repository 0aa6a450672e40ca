/** `--json` of repositories: every name gh knows, and those that REST can answer. */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { goTime } from "../go/time.ts";
import { byCreation, readLabels } from "../label/list.ts";
import { readLatest } from "../release/newest.ts";
import type { RestRepository } from "./model.ts";

export const repositoryFields =
  `assignableUsers codeOfConduct contactLinks createdAt defaultBranchRef deleteBranchOnMerge
  description diskUsage forkCount fundingLinks hasDiscussionsEnabled hasIssuesEnabled hasProjectsEnabled hasWikiEnabled
  homepageUrl id isArchived isBlankIssuesEnabled isEmpty isFork isInOrganization isMirror isPrivate
  isSecurityPolicyEnabled isTemplate isUserConfigurationRepository issueTemplates issues labels languages latestRelease
  licenseInfo mentionableUsers mergeCommitAllowed milestones mirrorUrl name nameWithOwner openGraphImageUrl owner parent
  primaryLanguage projects pullRequestTemplates pullRequests pushedAt rebaseMergeAllowed repositoryTopics
  securityPolicyUrl squashMergeAllowed sshUrl stargazerCount templateRepository updatedAt url usesCustomOpenGraphImage
  viewerCanAdminister viewerDefaultCommitEmail viewerDefaultMergeMethod viewerHasStarred viewerPermission
  viewerPossibleCommitEmails viewerSubscription visibility watchers archivedAt projectsV2`.split(/\s+/);

/** The data of one repository. */
interface RepositorySource {
  readonly context: Context;
  readonly repository: RepositoryName;
  readonly body: RestRepository;
}

interface Source extends RepositorySource {
  /** The number of open ones, asked for once. */
  readonly open: (kind: Countable) => Promise<number>;
}

type Countable = "issues" | "pulls";

type Project = (source: Source) => unknown;

/** Fields that REST lacks are not here: a query of the caller's own has them. */
const values: ReadonlyMap<string, Project> = new Map<string, Project>([
  ["createdAt", ({ body }) => goTime(body.created_at)],
  ["defaultBranchRef", defaultBranch],
  ["description", ({ body }) => body.description ?? ""],
  ["diskUsage", ({ body }) => body.size],
  ["forkCount", ({ body }) => body.forks_count],
  ["hasDiscussionsEnabled", ({ body, context }) => body.has_discussions ?? context.native("no word on discussions")],
  ["hasIssuesEnabled", ({ body }) => body.has_issues],
  ["hasProjectsEnabled", ({ body }) => body.has_projects],
  ["hasWikiEnabled", ({ body }) => body.has_wiki],
  ["homepageUrl", ({ body }) => body.homepage ?? ""],
  ["id", ({ body }) => body.node_id],
  ["isArchived", ({ body }) => body.archived],
  ["isFork", ({ body }) => body.fork],
  ["isInOrganization", ({ body }) => body.owner.type === "Organization"],
  ["isPrivate", ({ body }) => body.private],
  ["isTemplate", ({ body }) => body.is_template],
  ["issues", async ({ open }) => ({ totalCount: (await open("issues")) - (await open("pulls")) })],
  ["labels", labels],
  ["languages", languages],
  ["latestRelease", latestRelease],
  ["licenseInfo", license],
  ["milestones", milestones],
  ["mirrorUrl", ({ body }) => body.mirror_url ?? ""],
  ["name", ({ body }) => body.name],
  ["nameWithOwner", ({ body }) => body.full_name],
  ["owner", ({ body }) => ({ id: body.owner.node_id, login: body.owner.login })],
  ["parent", parent],
  ["primaryLanguage", ({ body }) => (body.language ? { name: body.language } : null)],
  ["pullRequests", async ({ open }) => ({ totalCount: await open("pulls") })],
  ["pushedAt", ({ body }) => (body.pushed_at ? goTime(body.pushed_at) : null)],
  ["repositoryTopics", ({ body }) => (body.topics.length > 0 ? body.topics.map((name) => ({ name })) : null)],
  ["sshUrl", ({ body }) => body.ssh_url],
  ["stargazerCount", ({ body }) => body.stargazers_count],
  ["updatedAt", ({ body }) => goTime(body.updated_at)],
  ["url", ({ body }) => body.html_url],
  ["visibility", ({ body }) => body.visibility.toUpperCase()],
  [
    "watchers",
    ({ body, context }) => ({ totalCount: body.subscribers_count ?? context.native("no word on watchers") }),
  ],
]);

/** Settings that GitHub shows to users with push access. */
const settings = [
  ["deleteBranchOnMerge", "delete_branch_on_merge"],
  ["mergeCommitAllowed", "allow_merge_commit"],
  ["rebaseMergeAllowed", "allow_rebase_merge"],
  ["squashMergeAllowed", "allow_squash_merge"],
] as const;

/** Fields of the caller's own view of the repository. */
const viewerValues: ReadonlyMap<string, Project> = new Map<string, Project>([
  ...settings.map(([field, key]): [string, Project] => [
    field,
    ({ body, context }) => body[key] ?? context.native(`${field} is told to users with push access`),
  ]),
  ["viewerCanAdminister", (source) => permissionsOf(source).admin],
  ["viewerPermission", permission],
]);

function permissionsOf({ body, context }: Source) {
  return body.permissions ?? context.native("no word on permissions");
}

function permission(source: Source): string {
  const { admin, maintain, push, triage, pull } = permissionsOf(source);
  const first = [
    [admin, "ADMIN"],
    [maintain, "MAINTAIN"],
    [push, "WRITE"],
    [triage, "TRIAGE"],
    [pull, "READ"],
  ].find(([has]) => has)?.[1];
  return typeof first === "string" ? first : source.context.native("no permission");
}

/** Why the repository must be read with the caller's own token; undefined where the shared view has the fields. */
export function fieldsViewer(fields: readonly string[]): string | undefined {
  const field = fields.find((name) => viewerValues.has(name));
  return field && `${field} depends on the caller`;
}

/** Whether REST has every one of them. */
export function areInRest(fields: readonly string[]): boolean {
  return fields.every((field) => values.has(field) || viewerValues.has(field));
}

/** In a list REST has fewer fields of each repository, and reading each would cost too much. */
const notInLists: ReadonlySet<string> = new Set([
  "issues",
  "labels",
  "languages",
  "latestRelease",
  "milestones",
  "parent",
  "pullRequests",
  "watchers",
  ...settings.map(([field]) => field),
]);

/** Whether REST has every one of them in a list of repositories. */
export function areInRestLists(fields: readonly string[]): boolean {
  return areInRest(fields) && !fields.some((field) => notInLists.has(field));
}

/** Whether REST hides one of them from this caller: settings are shown to users with push access. */
export function areWithheld(fields: readonly string[], body: RestRepository): boolean {
  return settings.some(([field, key]) => fields.includes(field) && body[key] === undefined);
}

/** The fields asked for. */
export async function projectRepository(fields: readonly string[], known: RepositorySource): Promise<object> {
  const counts = new Map<Countable, Promise<number>>();
  const open = (kind: Countable) => {
    const counting = counts.get(kind) ?? openCount(known, kind);
    counts.set(kind, counting);
    return counting;
  };
  const source: Source = { ...known, open };
  const entries = fields.map(
    async (field) => [field, await (values.get(field) ?? viewerValues.get(field))?.(source)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function defaultBranch({ body, context, repository }: Source): Promise<unknown> {
  // A repository without commits has no branch, although REST names a default one; its size is then 0.
  if (body.size > 0) return { name: body.default_branch };
  const path = repositoryPath(repository, "branches", encodeURIComponent(body.default_branch));
  await context.reads.get(path, z.looseObject({}));
  return { name: body.default_branch };
}

/** The number of the last page, of one each. REST counts pull requests among the issues. */
async function openCount({ context, repository }: RepositorySource, kind: Countable): Promise<number> {
  const query = [
    ["state", "open"],
    ["per_page", "1"],
  ] as const;
  const answer = await context.reads.raw(repositoryPath(repository, kind), { query });
  if (answer.status !== 200) return context.native(`${kind} answer ${answer.status}`);
  const last = /[?&]page=(\d+)[^>]*>;\s*rel="last"/.exec(answer.headers.link ?? "")?.[1];
  if (last !== undefined) return Number(last);
  const items: unknown = JSON.parse(new TextDecoder().decode(answer.body));
  return Array.isArray(items) ? items.length : context.native(`${kind} are no list`);
}

async function labels({ context, repository }: Source): Promise<unknown> {
  const all = byCreation(await readLabels(context, repository));
  return all.slice(0, 100).map(({ node_id, name, description, color }) => ({
    id: node_id,
    name,
    description: description ?? "",
    color,
  }));
}

async function languages({ context, repository }: Source): Promise<unknown> {
  const sizes = await context.reads.get(repositoryPath(repository, "languages"), z.record(z.string(), z.number()));
  const entries = Object.entries(sizes).sort(([, a], [, b]) => b - a);
  if (new Set(Object.values(sizes)).size < entries.length) context.native("languages of the same size");
  return entries.map(([name, size]) => ({ size, node: { name } }));
}

const releaseSchema = z.looseObject({
  name: z.string().nullish(),
  tag_name: z.string(),
  html_url: z.string(),
  published_at: z.string().nullish(),
});

async function latestRelease({ context, repository }: Source): Promise<unknown> {
  const release = await readLatest(context, repository, releaseSchema);
  if (release === undefined) return null;
  const { name, tag_name, html_url, published_at } = release;
  return { name: name ?? "", tagName: tag_name, url: html_url, publishedAt: goTime(published_at) };
}

/** Licenses without a nickname at GitHub; REST has no nicknames. */
const withoutNickname = new Set(
  "mit apache-2.0 bsd-2-clause bsd-3-clause mpl-2.0 unlicense isc cc0-1.0 bsl-1.0 epl-2.0 other".split(" "),
);

function license({ body, context }: Source): unknown {
  if (!body.license) return null;
  const { key, name } = body.license;
  if (!withoutNickname.has(key)) return context.native(`the nickname of the license ${key}`);
  return { key, name, nickname: "" };
}

const milestoneSchema = z.looseObject({
  number: z.number().int(),
  title: z.string(),
  description: z.string().nullish(),
  due_on: z.string().nullish(),
});

async function milestones({ context, repository }: Source): Promise<unknown> {
  const open = await context.reads.list(repositoryPath(repository, "milestones"), milestoneSchema, {
    query: [["state", "open"]],
    identity: ({ number }) => number,
  });
  if (open.length > 100) context.native("more than 100 milestones");
  return [...open]
    .sort((a, b) => a.number - b.number)
    .map(({ number, title, description, due_on }) => ({
      number,
      title,
      description: description ?? "",
      dueOn: due_on ? goTime(due_on) : null,
    }));
}

/** A parent that is not public is hidden from the pool. */
function parent({ body, context }: Source): unknown {
  if (!body.fork) return null;
  if (!body.parent) return context.native("a parent that is not public");
  const { node_id, name, owner } = body.parent;
  return { id: node_id, name, owner: { id: owner.node_id, login: owner.login } };
}
