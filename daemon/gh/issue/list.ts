/** `gh issue list`. */

import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { pricesOf, requireWorth } from "../cost/prices.ts";
import { pagesOfGh } from "../cost/reckoning.ts";
import type { FlagTable } from "../flags.ts";
import { authorOf, requirePlainLogin, withoutMe } from "../github/actors.ts";
import { commentsOfListed, readsOfComments } from "../github/comments.ts";
import { hasLabel, isPlainQualifier, requirePresentName, searchIssues } from "../github/issue-search.ts";
import { issueSchema, milestoneSchema, type RestIssue, told } from "../github/schemas.ts";
import { listHeader, nothingFound } from "../output/list-output.ts";
import { exporter, requireFields } from "../output/output.ts";
import type { ReadList } from "../reads/paging.ts";
import { colorSupport } from "../terminal/colors.ts";
import { requireNoPager } from "../terminal/style.ts";
import { laterFields } from "../versions.ts";
import { issuesDisabled } from "./disabled.ts";
import { isGate, issueFields, projectIssue } from "./fields.ts";
import { issueTable } from "./table.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  app: { type: "string" },
  assignee: { type: "string", short: "a" },
  author: { type: "string", short: "A" },
  label: { type: "strings", short: "l" },
  limit: { type: "int", short: "L", default: 30 },
  mention: { type: "string" },
  milestone: { type: "string", short: "m" },
  search: { type: "string", short: "S" },
  state: { type: "string", short: "s", oneOf: ["open", "closed", "all"], default: "open", lowered: true },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

async function run(call: ListCall): Promise<Result> {
  return list({ ...call, flags: await withoutMe(call.flags, call.context) });
}

async function list(call: ListCall): Promise<Result> {
  const { context, flags: given } = call;
  const fields = await exporter(call, issueFields, laterFields.issue);
  requireFields(fields, context);
  if (given.limit < 1) call.refuse(`invalid limit: ${given.limit}`);
  if (call.given.has("app") && call.given.has("author")) call.refuse("specify only `--author` or `--app`");
  const repository = await context.repository.base();
  const found = await readList(call, repository, isGate(fields?.fields ?? []));
  if (found.items.length === 0) await requireIssues(call, repository);
  if (fields?.fields.includes("comments")) {
    const discussed = found.items.filter(({ comments }) => comments > 0);
    const reads = discussed.flatMap(({ number }) => readsOfComments(repository, number));
    requireWorth(context, await pricesOf(context, reads), pagesOfGh(given.limit));
    if (discussed.some(({ comments }) => comments > commentsOfListed)) context.native("more comments than gh lists");
  }
  if (fields) {
    const items = found.items.map((issue) => projectIssue(fields.fields, issue, context));
    return { stdout: await fields.write(await Promise.all(items)) };
  }
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(call, repository, found);
}

/** gh searches for a text, labels and milestones; without a text the list has the same items. */
async function readList(call: ListCall, repository: RepositoryName, live: boolean): Promise<ReadList<RestIssue>> {
  const { flags: given, context } = call;
  requirePlainFilters(call);
  const milestone = await findMilestone(given.milestone, context, repository);
  if (given.search === "") {
    const listed = await listIssues(call, repository, milestone, live);
    if (given.label.length > 0 || given.milestone !== "") requirePresentName(context, repository, listed.items);
    return listed;
  }
  const { assignee, label, limit, mention, search: text, state } = given;
  const { app, author } = authorOf(given);
  const by = app === "" ? author : `app/${app}`;
  const qualifiers = { assignee, author: by, label, mentions: mention, milestone: milestone?.title ?? "" };
  return searchIssues(context, repository, { text, type: "issue", state, qualifiers, limit, live });
}

/** GitHub lists pull requests among the issues; gh does not. A repository without issues has no list at all. */
async function listIssues(
  { flags: given, context }: ListCall,
  repository: RepositoryName,
  milestone: Milestone | undefined,
  live: boolean,
): Promise<ReadList<RestIssue>> {
  const { assignee, label, limit, mention, state } = given;
  const { app, author } = authorOf(given);
  const pairs: readonly (readonly [string, string])[] = [
    ["assignee", assignee],
    ["creator", app === "" ? author : `${app}[bot]`],
    // REST cannot filter by a label with a comma in its name: the listed items are filtered instead.
    ["labels", label.filter((name) => !name.includes(",")).join(",")],
    ["mentioned", mention],
    ["milestone", milestone?.number === undefined ? "" : String(milestone.number)],
  ];
  try {
    return await context.reads.listUpTo(repositoryPath(repository, "issues"), issueSchema, {
      query: [["state", state], ...pairs.filter(([, value]) => value !== "")],
      limit,
      live,
      identity: (issue) => issue.number,
      accept: (issue) =>
        issue.pull_request === undefined &&
        label.every((name) => !name.includes(",") || hasLabel(told(issue.labels, "the labels"), name)) &&
        (milestone === undefined || issue.milestone?.title.toLowerCase() === milestone.title.toLowerCase()),
    });
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 410) throw issuesDisabled(repository);
    throw error;
  }
}

function requirePlainFilters({ flags: given, given: names, context }: ListCall): void {
  const { assignee, label, mention, milestone, search } = given;
  const { app, author } = authorOf(given);
  if (app === "" && names.has("app")) context.native("an app without a name");
  const searches = label.length > 0 || milestone !== "";
  if (mention !== "" && searches && search === "") context.native("a search for a mention");
  if (app !== "" && !searches && search === "") context.native("an app among authors");
  for (const login of [app, assignee, author, mention]) requirePlainLogin(login, context);
  for (const name of label) if (!isPlainQualifier(name)) context.native("an unusual label");
  if (milestone !== "" && !isPlainQualifier(milestone)) context.native("an unusual milestone");
}

interface Milestone {
  readonly title: string;
  /** Known when it was asked for by number. */
  readonly number?: number;
}

/** A milestone by its number, which must exist, or by its title, which need not. */
async function findMilestone(
  text: string,
  context: Context,
  repository: RepositoryName,
): Promise<Milestone | undefined> {
  if (text === "") return undefined;
  if (!/^\+?\d{1,9}$/.test(text)) return { title: text };
  try {
    const path = repositoryPath(repository, "milestones", Number(text));
    const { title, number } = await context.reads.get(path, milestoneSchema);
    if (!isPlainQualifier(title)) context.native("an unusual milestone");
    return { title, number };
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    throw new CommandFailure(`no milestone found with number '${Number(text)}'`);
  }
}

/** A repository without issues has its own message; an empty list alone does not show it. */
async function requireIssues({ context }: ListCall, repository: RepositoryName): Promise<void> {
  if (!(await context.reads.hasIssues(repository))) throw issuesDisabled(repository);
}

async function renderHuman(call: ListCall, repository: RepositoryName, list: ReadList<RestIssue>): Promise<Result> {
  const { context } = call;
  const { stdoutTty } = context.style;
  const subject = { item: "issue", repository: fullName(repository), filtered: isFiltered(call) };
  if (list.items.length === 0) return { stdout: "", stderr: stdoutTty ? nothingFound(subject) : "" };
  const { trueColor } = colorSupport(context.style.color, context.invocation.env);
  if (
    stdoutTty &&
    trueColor &&
    !context.gh.has("labelColorsAsked") &&
    list.items.some((issue) => told(issue.labels, "the labels").length > 0)
  ) {
    context.native("labels in their own colours");
  }
  if (!stdoutTty && context.style.color) context.native("colours outside a terminal");
  const header = stdoutTty ? listHeader(subject, list.items.length, await total(call, repository, list)) : "";
  return { stdout: header + issueTable(context, list.items) };
}

/**
 * The total number. REST lists pull requests among the issues, so those are taken off: with one on a page, the number
 * of the last page is how many there are.
 */
async function total(call: ListCall, repository: RepositoryName, list: ReadList<RestIssue>): Promise<number> {
  const { context, flags: given } = call;
  if (list.complete) return list.items.length;
  if (list.total !== undefined) return list.total;
  const { app, assignee, author, label, limit, mention, milestone, search, state } = given;
  if ([app, assignee, author, mention, milestone, search, ...label].some((text) => text !== "")) {
    context.native(`how many there are beyond ${limit} is not known`);
  }
  const [threads, pulls] = await Promise.all(
    ["issues", "pulls"].map((kind) => context.reads.count(repositoryPath(repository, kind), [["state", state]])),
  );
  if (threads === undefined || pulls === undefined) return context.native("how many there are is not known");
  return threads - pulls;
}

function isFiltered({ flags: given }: ListCall): boolean {
  const { app, assignee, author, label, mention, milestone, search, state } = given;
  return (
    state !== "open" ||
    label.length > 0 ||
    [app, assignee, author, mention, milestone, search].some((text) => text !== "")
  );
}

export const issueList: Command = defineCommand({
  path: ["issue", "list"],
  aliases: ["ls"],
  asksGraphql: () => true,
  arguments: "reminder",
  flags,
  json: { known: issueFields, later: laterFields.issue },
  announceCache: true,
  run,
});
