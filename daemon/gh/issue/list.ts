/** `gh issue list`. */
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { listHeader, nothingFound, paints, renderTable, squeezeSpace } from "../list-output.ts";
import { exporter } from "../output.ts";
import { requireNoPager } from "../output-style.ts";
import type { ReadList } from "../paging.ts";
import { requirePlainLogin } from "../pr/list.ts";
import { fullName, type Repository, repositoryPath } from "../repository.ts";
import { issueSchema, type RestIssue, told } from "../schemas.ts";
import { relativeTime } from "../terminal/times.ts";
import { isGate, issueFields, issueState, projectIssue } from "./fields.ts";

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
  state: { type: "string", short: "s", oneOf: ["open", "closed", "all"], default: "open" },
} as const satisfies FlagTable;

type ListCall = Call<typeof flags>;

async function run(call: ListCall): Promise<Result> {
  const { context, flags: given } = call;
  const fields = exporter(call, issueFields);
  if (given.limit < 1) context.native("invalid limit");
  const repository = await context.repository.base();
  const list = await readList(call, repository, isGate(fields?.fields ?? []));
  if (list.items.length === 0) await requireIssues(call, repository);
  if (fields) {
    const items = list.items.map((issue) => projectIssue(fields.fields, issue, context));
    return { stdout: await fields.write(await Promise.all(items)) };
  }
  requireNoPager(context.invocation.env, context.style);
  return renderHuman(call, repository, list);
}

/** GitHub lists pull requests among the issues; gh does not. */
function readList(call: ListCall, repository: Repository, live: boolean): Promise<ReadList<RestIssue>> {
  const { flags: given, context } = call;
  const milestone = given.milestone.toLowerCase();
  const byNumber = /^\d+$/.test(milestone);
  return context.reads.listUpTo(repositoryPath(repository, "issues"), issueSchema, {
    query: [["state", given.state], ...filterQuery(call)],
    limit: given.limit,
    live,
    identity: (issue) => issue.number,
    accept: (issue) =>
      issue.pull_request === undefined &&
      (milestone === "" || byNumber || issue.milestone?.title.toLowerCase() === milestone),
  });
}

/** The filters as GitHub's list takes them; whatever only its search takes is left to the real gh. */
function filterQuery({ flags: given, context }: ListCall): readonly (readonly [string, string])[] {
  const { app, assignee, author, label, mention, milestone } = given;
  if (given.search !== "") context.native("a search text");
  if (app !== "" && author !== "") context.native("--author beside --app");
  if (mention !== "" && (label.length > 0 || milestone !== "")) context.native("a search for a mention");
  for (const login of [app, assignee, author, mention]) requirePlainLogin(login, context);
  for (const name of label) if (name === "" || /["*,]/.test(name)) context.native("an unusual label");
  if (/["*]/.test(milestone)) context.native("an unusual milestone");
  const creator = app === "" ? author : `${app}[bot]`;
  const pairs: readonly (readonly [string, string])[] = [
    ["assignee", assignee],
    ["creator", creator],
    ["labels", label.join(",")],
    ["mentioned", mention],
    ["milestone", /^\d+$/.test(milestone) ? milestone : ""],
  ];
  return pairs.filter(([, value]) => value !== "");
}

/** A repository without issues has its own message, which an empty list alone does not tell apart. */
async function requireIssues({ context }: ListCall, repository: Repository): Promise<void> {
  if (!(await context.reads.hasIssues(repository))) context.native("issues are disabled");
}

function renderHuman(call: ListCall, repository: Repository, list: ReadList<RestIssue>): Result {
  const { context, flags: given } = call;
  const { stdoutTty } = context.style;
  const subject = { item: "issue", repository: fullName(repository), filtered: isFiltered(call) };
  if (list.items.length === 0) return { stdout: "", stderr: stdoutTty ? nothingFound(subject) : "" };
  if (stdoutTty && !list.complete) context.native(`how many there are beyond ${given.limit} is not known`);
  if (stdoutTty && list.items.some((issue) => told(issue.labels, "the labels").length > 0))
    context.native("coloured labels");
  if (!stdoutTty && context.style.color) context.native("colours outside a terminal");
  const header = stdoutTty ? listHeader(subject, list.items.length, list.items.length) : "";
  const colors = paints(context);
  const now = context.now();
  const rows = list.items.map((issue) => {
    const title = { text: squeezeSpace(issue.title) };
    const labels = {
      text: told(issue.labels, "the labels")
        .map((label) => label.name)
        .join(", "),
    };
    if (!stdoutTty) {
      const [number, state] = [{ text: String(issue.number) }, { text: issueState(issue) }];
      return [number, state, title, labels, { text: issue.updated_at }];
    }
    const open = issue.state === "open";
    const paint = open ? colors.green : issue.state_reason === "not_planned" ? colors.gray : colors.magenta;
    const updated = { text: relativeTime(now, Date.parse(issue.updated_at)), color: colors.gray };
    return [{ text: `#${issue.number}`, color: paint }, title, labels, updated];
  });
  return { stdout: header + renderTable(context, ["ID", "TITLE", "LABELS", "UPDATED"], rows) };
}

function isFiltered({ flags: given }: ListCall): boolean {
  const { app, assignee, author, label, mention, milestone, state } = given;
  return (
    state !== "open" || label.length > 0 || [app, assignee, author, mention, milestone].some((text) => text !== "")
  );
}

export const issueList: Command = defineCommand({
  path: ["issue", "list"],
  aliases: ["ls"],
  flags,
  announceCache: true,
  run,
});
