/** `gh search repos`: of public repositories through the pool, of others with the caller's own token. */
import * as z from "zod";
import { type Call, type Command, defineCommand, exportFlags, type Result } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { squeezeSpace } from "../go/strings.ts";
import { goTime, goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import { relativeTime } from "../terminal/times.ts";
import { readSearch } from "./pages.ts";
import { type Qualifiers, requireSearch, searchText } from "./query.ts";

const text = { type: "string" } as const;

const flags = {
  ...exportFlags,
  archived: { type: "bool" },
  created: text,
  followers: text,
  forks: text,
  "good-first-issues": text,
  "help-wanted-issues": text,
  "include-forks": { type: "string", oneOf: ["false", "true", "only"] },
  language: text,
  license: { type: "strings" },
  limit: { type: "int", short: "L", default: 30 },
  match: { type: "strings", oneOf: ["name", "description", "readme"] },
  "number-topics": text,
  order: { type: "string", oneOf: ["asc", "desc"], default: "desc" },
  owner: { type: "strings" },
  size: text,
  sort: { type: "string", oneOf: ["forks", "help-wanted-issues", "stars", "updated"] },
  stars: text,
  topic: { type: "strings" },
  updated: text,
  visibility: { type: "strings", oneOf: ["public", "private", "internal"] },
} as const satisfies FlagTable;

type SearchCall = Call<typeof flags>;

const repositorySchema = z.looseObject({
  id: z.number().int(),
  node_id: z.string(),
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean(),
  disabled: z.boolean(),
  description: z.string().nullish(),
  homepage: z.string().nullish(),
  language: z.string().nullish(),
  html_url: z.string(),
  visibility: z.string(),
  default_branch: z.string(),
  size: z.number().int(),
  forks_count: z.number().int(),
  open_issues_count: z.number().int(),
  stargazers_count: z.number().int(),
  watchers_count: z.number().int(),
  has_downloads: z.boolean(),
  has_issues: z.boolean(),
  has_pages: z.boolean(),
  has_projects: z.boolean(),
  has_wiki: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  pushed_at: z.string().nullish(),
  license: z.looseObject({ key: z.string(), name: z.string(), url: z.string().nullish() }).nullish(),
  owner: z.looseObject({ node_id: z.string(), login: z.string(), type: z.string(), html_url: z.string() }),
});
type Found = z.infer<typeof repositorySchema>;

const values = {
  createdAt: ({ created_at }: Found) => goTime(created_at),
  defaultBranch: ({ default_branch }: Found) => default_branch,
  description: ({ description }: Found) => description ?? "",
  forksCount: ({ forks_count }: Found) => forks_count,
  fullName: ({ full_name }: Found) => full_name,
  hasDownloads: ({ has_downloads }: Found) => has_downloads,
  hasIssues: ({ has_issues }: Found) => has_issues,
  hasPages: ({ has_pages }: Found) => has_pages,
  hasProjects: ({ has_projects }: Found) => has_projects,
  hasWiki: ({ has_wiki }: Found) => has_wiki,
  homepage: ({ homepage }: Found) => homepage ?? "",
  id: ({ node_id }: Found) => node_id,
  isArchived: ({ archived }: Found) => archived,
  isDisabled: ({ disabled }: Found) => disabled,
  isFork: ({ fork }: Found) => fork,
  isPrivate: (found: Found) => found.private,
  language: ({ language }: Found) => language ?? "",
  license: ({ license }: Found) => ({ key: license?.key ?? "", name: license?.name ?? "", url: license?.url ?? "" }),
  name: ({ name }: Found) => name,
  openIssuesCount: ({ open_issues_count }: Found) => open_issues_count,
  owner: ({ owner }: Found) => ({
    id: owner.node_id,
    is_bot: false,
    login: owner.login,
    type: owner.type,
    url: owner.html_url,
  }),
  pushedAt: ({ pushed_at }: Found) => goTime(pushed_at),
  size: ({ size }: Found) => size,
  stargazersCount: ({ stargazers_count }: Found) => stargazers_count,
  updatedAt: ({ updated_at }: Found) => goTime(updated_at),
  url: ({ html_url }: Found) => html_url,
  visibility: ({ visibility }: Found) => visibility,
  watchersCount: ({ watchers_count }: Found) => watchers_count,
} as const;

type Field = keyof typeof values;
const isField = (name: string): name is Field => name in values;
const fieldNames: readonly Field[] = Object.keys(values).filter(isField);

function qualifiers({ flags: given, given: names }: SearchCall): Qualifiers {
  return [
    ["archived", names.has("archived") ? String(given.archived) : ""],
    ["created", given.created],
    ["followers", given.followers],
    ["fork", given["include-forks"]],
    ["forks", given.forks],
    ["good-first-issues", given["good-first-issues"]],
    ["help-wanted-issues", given["help-wanted-issues"]],
    ...given.match.map((value) => ["in", value] as const),
    ...given.visibility.map((value) => ["is", value] as const),
    ["language", given.language],
    ...given.license.map((value) => ["license", value] as const),
    ["pushed", given.updated],
    ["size", given.size],
    ["stars", given.stars],
    ...given.topic.map((value) => ["topic", value] as const),
    ["topics", given["number-topics"]],
    ...given.owner.map((value) => ["user", value] as const),
  ];
}

async function run(call: SearchCall): Promise<Result> {
  const { args, context, flags: given, given: names } = call;
  const fields = await exporter(call, fieldNames);
  requireSearch(call);
  if (names.has("order") && given.sort === "") context.native("--order without --sort");
  const open = given.visibility.join() === "public";
  const q = searchText(args, qualifiers(call), context);
  const { sort, order, limit } = given;
  const { items, total } = await readSearch(context, "/search/repositories", repositorySchema, {
    q,
    sort,
    order,
    limit,
    viewer: open ? undefined : "repositories that only some may see",
  });
  if (open && items.some((found) => found.private)) context.native("a private repository among the public ones");
  if (fields) {
    const data = items.map((found) => Object.fromEntries(fields.fields.map((field) => [field, values[field](found)])));
    return { stdout: await fields.write(data) };
  }
  requireNoPager(context.invocation.env, context.style);
  return render(call, items, total);
}

function render({ context }: SearchCall, items: readonly Found[], total: number): Result {
  const tty = context.style.stdoutTty;
  if (items.length === 0) return { stdout: "", stderr: tty ? "no repositories matched your search\n" : "" };
  const colors = paints(context);
  const now = context.now();
  const rows = items.map((found) => {
    const tags = [found.visibility, ...(found.fork ? ["fork"] : []), ...(found.archived ? ["archived"] : [])];
    const age = tty ? relativeTime(now, Date.parse(found.updated_at)) : goTimeToSecond(found.updated_at);
    return [
      { text: found.full_name, color: colors.bold },
      { text: squeezeSpace(found.description ?? "") },
      { text: tags.join(", "), color: found.private ? colors.yellow : colors.gray },
      { text: age, color: colors.gray },
    ];
  });
  const header = tty ? `\nShowing ${items.length} of ${total} repositories\n\n` : "";
  return { stdout: header + renderTable(context, ["NAME", "DESCRIPTION", "VISIBILITY", "UPDATED"], rows) };
}

export const searchRepos: Command = defineCommand({
  path: ["search", "repos"],
  onServers: true,
  flags,
  json: { known: fieldNames },
  arguments: "any",
  run,
});
