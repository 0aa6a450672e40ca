/** `gh pr list`. */

import * as z from "zod";
import type { Price } from "../../../shared/explanation.ts";
import { NativeRequired } from "../../reader.ts";
import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { pricesOf, requireWorth } from "../cost/prices.ts";
import { pagesOfGh } from "../cost/reckoning.ts";
import type { FlagTable } from "../flags.ts";
import { authorOf, loginOf, requirePlainLogin, withoutMe } from "../github/actors.ts";
import { hasLabel, isPlainQualifier, requirePresentName, searchIssues } from "../github/issue-search.ts";
import { pullListItemSchema, type RestPullListItem, type RestUser, told } from "../github/schemas.ts";
import { pullState, stateWithDraft } from "../github/states.ts";
import { squeezeSpace } from "../go/strings.ts";
import { listHeader, nothingFound, paints, renderTable } from "../output/list-output.ts";
import { exporter, requireFields } from "../output/output.ts";
import type { ReadList } from "../reads/paging.ts";
import { requireNoPager } from "../terminal/style.ts";
import { relativeTime } from "../terminal/times.ts";
import { laterFields } from "../versions.ts";
import { readsOfEach, requireCheapest } from "./cost.ts";
import { type FieldPlan, type PullField, planFields, pullFields } from "./fields.ts";
import { pointsOfList } from "./points.ts";
import { connectionSize, headLabel, projectPull } from "./project.ts";
import { areListed, queryPulls } from "./query/index.ts";
import { askOwnPulls, orByOwnQuery, requestOfPage } from "./query/own.ts";
import { hydrate, readPull } from "./source.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  app: { type: "string" },
  assignee: { type: "string", short: "a" },
  author: { type: "string", short: "A" },
  base: { type: "string", short: "B" },
  draft: { type: "bool", short: "d" },
  head: { type: "string", short: "H" },
  label: { type: "strings", short: "l" },
  limit: { type: "int", short: "L", default: 30 },
  search: { type: "string", short: "S" },
  state: { type: "string", short: "s", oneOf: ["open", "closed", "merged", "all"], default: "open", lowered: true },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

/** Each carries two whole repositories, some 20 kB: a hundred are more than the relay takes in one answer. */
export const pullsPerPage = 30;

/** A rare branch or author is not worth the pool's budget for a whole history. */
export const mostPages = { filtered: 10, unfiltered: 12 } as const;

async function run(call: ListCall): Promise<Result> {
  return list({ ...call, flags: await withoutMe(call.flags, call.context) });
}

async function list(call: ListCall): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, pullFields, laterFields.pull);
  requireFields(fields, context);
  if (given.limit < 1) call.refuse(`invalid value for --limit: ${given.limit}`);
  requireApp(call);
  const repository = await context.repository.base();
  if (fields) return { stdout: await fields.write(await readFields(call, repository, fields.fields)) };
  const found = await readList(call, repository, false);
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(call, repository, found);
}

/** By REST and the pool as far as they have the fields; else by gh's own query, for a page without a search. */
function readFields(
  call: ListCall,
  repository: RepositoryName,
  fields: readonly PullField[],
): Promise<readonly object[]> {
  const { context, flags: given } = call;
  if (!isPage(call)) return readShared(call, repository, fields, false);
  return orByOwnQuery(
    (mayAsk) => readShared(call, repository, fields, mayAsk),
    { context, fields },
    (settings) => askOwnPulls(context, { repository, list: given, fields }, settings),
  );
}

/** A page of the list as it is. */
function isPage(call: ListCall): boolean {
  return !searches(call) && call.flags.search === "" && call.flags.limit <= connectionSize;
}

async function readShared(
  call: ListCall,
  repository: RepositoryName,
  fields: readonly PullField[],
  mayAsk: boolean,
): Promise<readonly object[]> {
  const { context } = call;
  const plan = planFields(fields);
  if (plan.native !== undefined) context.native(plan.native);
  const more = [...plan.needs].some((need) => need !== "list");
  // Checks are polled: nearly every look is one of many.
  const mayCostLess = mayAsk && more && !plan.needs.has("checks");
  if (mayCostLess && context.reads.isOwn(repositoryPath(repository, "pulls"))) {
    const prices = await pricesOfPage(call, repository, fields);
    await requireCheapest(context, prices, queryOf(call, repository, fields));
  }
  const queried = await queriedList(call, repository, fields, plan);
  if (queried) return queried;
  const { items } = await readList(call, repository, plan.live);
  return projectAll(call, repository, items, { fields, plan, more, mayCostLess });
}

function queryOf({ flags: given }: ListCall, repository: RepositoryName, fields: readonly PullField[]) {
  return { request: requestOfPage(repository, given, fields), points: pointsOfList(fields, given.limit) };
}

const knownPage = z.array(pullListItemSchema.pick({ number: true, head: true }));

/** The cost of the list and each of its items, as far as they are known; an unknown list has at least one item. */
async function pricesOfPage(
  { context, flags: given }: ListCall,
  repository: RepositoryName,
  fields: readonly PullField[],
): Promise<readonly Price[]> {
  const path = repositoryPath(repository, "pulls");
  const query = [...listedAs(given), ["per_page", String(pullsPerPage)] as const];
  const price = await context.reads.price(path, { query });
  const known = (await context.reads.recalled(path, knownPage, { query })) ?? [{ number: 0 }];
  return [price, ...(await pricesOf(context, readsOfEach(repository, known.slice(0, given.limit), fields)))];
}

function listedAs({ state, base }: Pick<ListCall["flags"], "state" | "base">) {
  return [["state", state === "merged" ? "closed" : state] as const, ...(base === "" ? [] : [["base", base] as const])];
}

/**
 * One query gives fields that would otherwise take reads of each pull request. Where the pool cannot answer it, REST
 * reads the fields that it has; undefined then, and for a list without such fields.
 */
async function queriedList(
  call: ListCall,
  repository: RepositoryName,
  fields: readonly PullField[],
  { needs, live }: FieldPlan,
): Promise<readonly object[] | undefined> {
  const { context, flags: given } = call;
  const needed = needs.has("query");
  const fits = areListed(fields, given.limit) && !searches(call) && given.search === "";
  if (needed && !fits) context.native("a list that is searched, or a field that is asked one by one");
  if (!fits || ![...needs].some((need) => need !== "list")) return undefined;
  const asking = queryPulls(context, repository, given, fields, { live });
  if (needed) return asking;
  return asking.catch((error: unknown) => {
    if (error instanceof NativeRequired) return undefined;
    throw error;
  });
}

/**
 * The filters for which gh searches (author, assignee, labels, draft, app) are applied to the list itself: the search
 * index is made from it, in the same order. Only a search text is searched for.
 */
async function readList(
  call: ListCall,
  repository: RepositoryName,
  live: boolean,
): Promise<ReadList<RestPullListItem>> {
  const { flags: given, context } = call;
  if (given.search !== "") return searchList(call, repository, live);
  const accept = filterOf(call);
  const { limit } = given;
  const listed = await context.reads.listUpTo(repositoryPath(repository, "pulls"), pullListItemSchema, {
    query: listedAs(given),
    limit,
    live,
    accept,
    identity: (pull) => pull.number,
    perPage: pullsPerPage,
    maxPages: searches(call) || given.head !== "" ? mostPages.filtered : mostPages.unfiltered,
  });
  if (searches(call)) requirePresentName(context, repository, listed.items);
  return listed;
}

/** A search returns issues; the pull request itself is read for each. */
async function searchList(
  call: ListCall,
  repository: RepositoryName,
  live: boolean,
): Promise<ReadList<RestPullListItem>> {
  const { flags: given, given: names, context } = call;
  const { assignee, base, head, label, limit, search: text, state } = given;
  const { app, author } = authorOf(given);
  requireApp(call);
  for (const login of [app, assignee, author]) requirePlainLogin(login, context);
  const draft = names.has("draft") ? String(given.draft) : "";
  const by = app === "" ? author : `app/${app}`;
  const qualifiers = { assignee, author: by, base, draft, head, label };
  const found = await searchIssues(context, repository, { text, type: "pr", state, qualifiers, limit, live });
  const reads = found.items.map(({ number }) => [repositoryPath(repository, "pulls", number), {}] as const);
  requireWorth(context, await pricesOf(context, reads), pagesOfGh(limit));
  const items = await Promise.all(found.items.map(({ number }) => readPull(context, repository, number, { live })));
  return { ...found, items };
}

function searches({ flags: given, given: names }: ListCall): boolean {
  const { app, assignee, author, label } = given;
  return names.has("draft") || app !== "" || assignee !== "" || author !== "" || label.length > 0;
}

/** gh searches for `app/` where the name is empty, and refuses two authors. */
function requireApp({ flags: { app }, given, context, refuse }: ListCall): void {
  if (given.has("app") && given.has("author")) refuse("specify only `--author` or `--app`");
  if (app === "" && given.has("app")) context.native("an app without a name");
}

function filterOf(call: ListCall): (pull: RestPullListItem) => boolean {
  const { flags: given, given: names, context } = call;
  const { assignee, head, label, state } = given;
  const { app, author } = authorOf(given);
  requireApp(call);
  if (head !== "" && searches(call)) context.native("a search for the beginning of a branch name");
  for (const login of [app, assignee, author]) requirePlainLogin(login, context);
  for (const name of label) if (!isPlainQualifier(name)) context.native("an unusual label");
  return (pull) =>
    (state !== "merged" || pull.merged_at !== null) &&
    (head === "" || pull.head.ref === head) &&
    (author === "" || isBy(pull.user, author, context)) &&
    (app === "" || (pull.user?.type === "Bot" && same(loginOf(pull.user), app))) &&
    (assignee === "" || told(pull.assignees, "the assignees").some((user) => same(user.login, assignee))) &&
    (!names.has("draft") || (pull.draft ?? false) === given.draft) &&
    label.every((name) => hasLabel(told(pull.labels, "the labels"), name));
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** A search by login finds people; a bot that has such a login in REST may have another one for the search. */
function isBy(user: RestUser | null, author: string, context: Context): boolean {
  if (user?.type !== "Bot") return same(loginOf(user), author);
  if (same(user.login, author)) context.native("a bot as the author");
  return false;
}

interface Projection {
  readonly fields: readonly PullField[];
  readonly plan: FieldPlan;
  /** A field takes reads of each pull request. */
  readonly more: boolean;
  /** Whether gh's own query may be asked in their place. */
  readonly mayCostLess: boolean;
}

async function projectAll(
  call: ListCall,
  repository: RepositoryName,
  pulls: readonly RestPullListItem[],
  { fields, plan, more, mayCostLess }: Projection,
): Promise<readonly object[]> {
  const { context } = call;
  if (more) {
    const prices = await pricesOf(context, readsOfEach(repository, pulls, fields));
    if (mayCostLess) await requireCheapest(context, prices, queryOf(call, repository, fields));
    requireWorth(context, prices, pointsOfList(fields, call.flags.limit));
  }
  return Promise.all(
    pulls.map(async (pull) => {
      if (!more) return projectPull(fields, { pull, listed: true }, context);
      const counts = plan.needs.has("detail") || plan.needs.has("files") || plan.needs.has("commits");
      const detail = counts ? await readPull(context, repository, pull.number, { live: plan.live }) : undefined;
      if (detail && detail.updated_at !== pull.updated_at) context.native("a pull request changed while it was read");
      const source = await hydrate(context, repository, pull, detail, plan);
      return projectPull(fields, { ...source, listed: true }, context);
    }),
  );
}

async function renderHuman(
  call: ListCall,
  repository: RepositoryName,
  list: ReadList<RestPullListItem>,
): Promise<Result> {
  const { context } = call;
  const { stdoutTty } = context.style;
  const subject = { item: "pull request", repository: fullName(repository), filtered: isFiltered(call) };
  if (list.items.length === 0) return { stdout: "", stderr: stdoutTty ? nothingFound(subject) : "" };
  if (!stdoutTty && context.style.color) context.native("colours outside a terminal");
  const header = stdoutTty ? listHeader(subject, list.items.length, await total(call, repository, list)) : "";
  const colors = paints(context);
  const now = context.now();
  const rows = list.items.map((pull) => {
    const state = pullState(pull);
    const title = { text: squeezeSpace(pull.title) };
    const label = { text: headLabel(pull), color: colors.cyan };
    if (!stdoutTty) {
      const shown = [String(pull.number), title.text, label.text, stateWithDraft(state, pull.draft ?? false)];
      return [...shown, pull.created_at].map((text) => ({ text }));
    }
    const paint = state === "MERGED" ? colors.magenta : state === "CLOSED" ? colors.red : colors.green;
    const number = { text: `#${pull.number}`, color: pull.draft && state === "OPEN" ? colors.gray : paint };
    return [number, title, label, { text: relativeTime(now, Date.parse(pull.created_at)), color: colors.gray }];
  });
  return { stdout: header + renderTable(context, ["ID", "TITLE", "BRANCH", "CREATED AT"], rows) };
}

/** The total number: with one on a page, the number of the last page. */
async function total(call: ListCall, repository: RepositoryName, list: ReadList<RestPullListItem>): Promise<number> {
  const { context, flags: given } = call;
  if (list.complete) return list.items.length;
  if (list.total !== undefined) return list.total;
  const { base, head, limit, search, state } = given;
  if (searches(call) || search !== "" || head !== "" || state === "merged") {
    context.native(`how many there are beyond ${limit} is not known`);
  }
  const query = [["state", state], ...(base === "" ? [] : [["base", base] as const])] as const;
  return (
    (await context.reads.count(repositoryPath(repository, "pulls"), query)) ??
    context.native("how many there are is not known")
  );
}

/** Anything that gh counts as a filter, of which drafts are none. */
function isFiltered({ flags: given }: ListCall): boolean {
  const { app, assignee, author, base, head, label, search, state } = given;
  const texts = [app, assignee, author, base, head, search];
  return state !== "open" || label.length > 0 || texts.some((text) => text !== "");
}

export const prList: Command = defineCommand({
  path: ["pr", "list"],
  // A search in no repository finds nothing.
  asksGraphql: (call) => !searches(call) && call.flags.search === "",
  aliases: ["ls"],
  arguments: "reminder",
  flags,
  json: { known: pullFields, later: laterFields.pull },
  announceCache: true,
  run,
});
