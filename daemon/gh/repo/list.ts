/**
 * `gh repo list`: the public ones from the pool; any other list is read with the caller's own token, by REST where that
 * has all of it in gh's order, else by gh's own query.
 */
import * as z from "zod";
import { type Call, type Command, defineCommand, exportFlags, type Result } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { squeezeSpace } from "../go/strings.ts";
import { goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter, requireFields } from "../output/output.ts";
import { unlessMissing } from "../reads/missing.ts";
import { searchText } from "../search/query.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";
import { relativeTime } from "../terminal/times.ts";
import { laterFields } from "../versions.ts";
import { areInRestLists, fieldsViewer, projectRepository, repositoryFields } from "./fields.ts";
import { type OwnedList, readPublic, readVisible } from "./owned.ts";
import { type QueriedList, queryOwned, querySearched } from "./query.ts";

const flags = {
  ...exportFlags,
  archived: { type: "bool" },
  fork: { type: "bool" },
  language: { type: "string", short: "l" },
  limit: { type: "int", short: "L", default: 30 },
  "no-archived": { type: "bool" },
  source: { type: "bool" },
  topic: { type: "strings" },
  visibility: { type: "string", oneOf: ["public", "private", "internal"] },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

/** GitHub finds at most this many; gh warns of it. */
const mostSearched = 1000;

async function run(call: ListCall): Promise<Result> {
  const { args, context, flags: given } = call;
  const fields = await exporter(call, repositoryFields, laterFields.repository);
  requireFields(fields, context);
  const [owner = ""] = args;
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  if (given.fork && given.source) call.refuse("specify only one of `--source` or `--fork`");
  if (given.archived && given["no-archived"]) call.refuse("specify only one of `--archived` or `--no-archived`");
  if (!/^[\w-]*$/.test(owner) || (owner === "" && args.length > 0)) context.native("no owner named");
  const searched = isSearched(call);
  if (searched && given.limit > mostSearched) context.native("a search that has an end");
  if (fields) return { stdout: await fields.write(await listFields(call, fields.fields)) };
  requireNoPager(context.invocation.env, context.style);
  if (searched && context.style.stdoutTty) context.native("a search among repositories on a terminal");
  const read = searched ? undefined : await readByRest(call, []);
  return renderHuman(call, read ? shownByRest(read) : shownByQuery(await askByQuery(call, shownFields)));
}

async function listFields(call: ListCall, fields: readonly string[]): Promise<readonly object[]> {
  const { context, flags: given } = call;
  const read = isSearched(call) || !areInRestLists(fields) ? undefined : await readByRest(call, fields);
  if (!read) return (await askByQuery(call, fields)).nodes;
  const items = read.repositories.slice(0, given.limit).map((body) => {
    const repository = { owner: body.owner.login, name: body.name };
    return projectRepository(fields, { context, repository, body });
  });
  return Promise.all(items);
}

/** The real gh does not list these, it searches for them. */
function isSearched({ flags: given }: ListCall): boolean {
  const filtered = given.archived || given["no-archived"] || given.language !== "" || given.topic.length > 0;
  return filtered || given.visibility === "internal";
}

/** Undefined where REST does not have them, or not in gh's order. */
async function readByRest(call: ListCall, fields: readonly string[]): Promise<OwnedList | undefined> {
  const { context, flags: given } = call;
  const [owner = ""] = call.args;
  const wanted = given.visibility;
  const open = wanted === "public" && owner !== "" && fieldsViewer(fields) === undefined;
  const list = await (open ? readPublic(context, owner) : readVisible(context, owner)).catch(unlessMissing);
  if (list === undefined) return undefined;
  if (wanted === "private" && list.repositories.some(({ visibility }) => visibility === "internal")) return undefined;
  const repositories = list.repositories
    .filter((repository) => wanted === "" || repository.private === (wanted === "private"))
    .filter(({ fork }) => (given.fork ? fork : given.source ? !fork : true));
  return isInOrder(repositories, given.limit) ? { login: list.login, repositories } : undefined;
}

/** Repositories with a push in the same second have GraphQL's order in gh, which need not be REST's. */
function isInOrder(repositories: OwnedList["repositories"], limit: number): boolean {
  return repositories.slice(0, limit).every(({ pushed_at }, index) => repositories[index + 1]?.pushed_at !== pushed_at);
}

function askByQuery(call: ListCall, fields: readonly string[]): Promise<QueriedList> {
  const { context, flags: given } = call;
  const [owner = ""] = call.args;
  const { limit, visibility, fork, source } = given;
  if (!isSearched(call)) {
    const forks = fork ? true : source ? false : undefined;
    return queryOwned(context, { owner, limit, visibility, forks }, fields);
  }
  const archived = given.archived ? "true" : given["no-archived"] ? "false" : "";
  const text = searchText(
    ["sort:updated-desc"],
    [
      ["archived", archived],
      ["fork", fork ? "only" : source ? "false" : "true"],
      ["is", visibility],
      ["language", given.language],
      ...given.topic.map((topic) => ["topic", topic] as const),
      ["user", owner === "" ? "@me" : owner],
    ],
    context,
  );
  return querySearched(context, { text, limit }, fields);
}

/** The fields that gh asks for where none are named. */
const shownSchema = z.object({
  nameWithOwner: z.string(),
  description: z.string(),
  isPrivate: z.boolean(),
  isFork: z.boolean(),
  isArchived: z.boolean(),
  createdAt: z.string(),
  pushedAt: z.string().nullable(),
  visibility: z.string(),
});
const shownFields = Object.keys(shownSchema.shape);

interface ShownList {
  readonly login: string;
  readonly total: number;
  readonly rows: readonly z.infer<typeof shownSchema>[];
}

function shownByQuery({ login, total, nodes }: QueriedList): ShownList {
  return { login, total, rows: nodes.map((node) => shownSchema.parse(node)) };
}

function shownByRest({ login, repositories }: OwnedList): ShownList {
  const rows = repositories.map((each) => ({
    nameWithOwner: each.full_name,
    description: each.description ?? "",
    isPrivate: each.private,
    isFork: each.fork,
    isArchived: each.archived,
    createdAt: each.created_at,
    pushedAt: each.pushed_at ?? null,
    visibility: each.visibility,
  }));
  return { login, total: rows.length, rows };
}

function renderHuman({ context, flags: given }: ListCall, { login, total, rows }: ShownList): Result {
  const tty = context.style.stdoutTty;
  const shown = rows.slice(0, given.limit);
  const colors = paints(context);
  const now = context.now();
  const row = ({ isPrivate, isFork, isArchived, ...each }: ShownList["rows"][number]): Row => {
    const tags = [each.visibility.toLowerCase(), ...(isFork ? ["fork"] : []), ...(isArchived ? ["archived"] : [])];
    const when = each.pushedAt ?? each.createdAt;
    return [
      { text: each.nameWithOwner, color: colors.bold },
      { text: squeezeSpace(each.description) },
      { text: tags.join(", "), color: isPrivate ? colors.yellow : colors.gray },
      { text: tty ? relativeTime(now, Date.parse(when)) : goTimeToSecond(when), color: colors.gray },
    ];
  };
  const filtered = given.visibility !== "" || given.fork || given.source;
  const header = tty ? `\n${listHeader({ login, filtered }, shown.length, total)}\n\n` : "";
  if (shown.length === 0) return { stdout: header };
  return { stdout: header + renderTable(context, ["NAME", "DESCRIPTION", "INFO", "UPDATED"], shown.map(row)) };
}

function listHeader({ login, filtered }: { login: string; filtered: boolean }, shown: number, total: number): string {
  if (total === 0) return filtered ? "No results match your search" : `There are no repositories in @${login}`;
  return `Showing ${shown} of ${total} repositories in @${login}${filtered ? " that match your search" : ""}`;
}

export const repoList: Command = defineCommand({
  path: ["repo", "list"],
  aliases: ["ls"],
  flags,
  json: { known: repositoryFields, later: laterFields.repository },
  arguments: "optional",
  run,
});
