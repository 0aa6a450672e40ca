/** `gh search issues` and `gh search prs`. */
import { type Call, type Command, defineCommand, exportFlags, type Result } from "../command.ts";
import type { FlagTable } from "../flags.ts";
import { squeezeSpace } from "../go/strings.ts";
import { goTimeToSecond } from "../go/time.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import type { Row } from "../terminal/table.ts";
import { relativeTime } from "../terminal/times.ts";
import {
  type Item,
  issueSearchFields,
  itemSchema,
  projectItem,
  pullSearchFields,
  repositoryOf,
  stateOf,
} from "./items.ts";
import { readSearch } from "./pages.ts";
import { type Qualifiers, requireSearch, searchText, searchViewer } from "./query.ts";

const text = { type: "string" } as const;
const flag = { type: "bool" } as const;

const commonFlags = {
  ...exportFlags,
  app: text,
  archived: flag,
  assignee: text,
  author: text,
  closed: text,
  commenter: text,
  comments: text,
  created: text,
  interactions: text,
  involves: text,
  label: { type: "strings" },
  language: text,
  limit: { type: "int", short: "L", default: 30 },
  locked: flag,
  match: { type: "strings", oneOf: ["title", "body", "comments"] },
  mentions: text,
  milestone: text,
  "no-assignee": flag,
  "no-label": flag,
  "no-milestone": flag,
  "no-project": flag,
  order: { type: "string", oneOf: ["asc", "desc"], default: "desc" },
  owner: { type: "strings" },
  project: text,
  reactions: text,
  repo: { type: "strings", short: "R" },
  sort: {
    type: "string",
    oneOf: [
      "comments",
      "created",
      "interactions",
      "reactions",
      "reactions-+1",
      "reactions--1",
      "reactions-heart",
      "reactions-smile",
      "reactions-tada",
      "reactions-thinking_face",
      "updated",
    ],
  },
  state: { type: "string", oneOf: ["open", "closed"] },
  "team-mentions": text,
  updated: text,
  visibility: { type: "strings", oneOf: ["public", "private", "internal"] },
} as const satisfies FlagTable;

const issueFlags = { ...commonFlags, "include-prs": flag } as const satisfies FlagTable;

const pullFlags = {
  ...commonFlags,
  base: { type: "string", short: "B" },
  checks: { type: "string", oneOf: ["pending", "success", "failure"] },
  draft: flag,
  head: { type: "string", short: "H" },
  merged: flag,
  "merged-at": text,
  review: { type: "string", oneOf: ["none", "required", "approved", "changes_requested"] },
  "review-requested": text,
  "reviewed-by": text,
} as const satisfies FlagTable;

type CommonCall = Pick<Call<typeof commonFlags>, "flags" | "given" | "args" | "context" | "refuse">;
type Kind = "issue" | "pull request" | "both";

function commonQualifiers({ flags: given, given: names }: CommonCall): Qualifiers {
  const truth = (name: "archived") => (names.has(name) ? String(given[name]) : "");
  return [
    ["archived", truth("archived")],
    ["assignee", given.assignee],
    ["author", given.app === "" ? given.author : `app/${given.app}`],
    ["closed", given.closed],
    ["commenter", given.commenter],
    ["comments", given.comments],
    ["created", given.created],
    ...given.match.map((value) => ["in", value] as const),
    ["interactions", given.interactions],
    ["involves", given.involves],
    ...given.visibility.map((value) => ["is", value] as const),
    ["is", names.has("locked") ? (given.locked ? "locked" : "unlocked") : ""],
    ...given.label.map((value) => ["label", value] as const),
    ["language", given.language],
    ["mentions", given.mentions],
    ["milestone", given.milestone],
    ...(["assignee", "label", "milestone", "project"] as const).map(
      (name) => ["no", given[`no-${name}`] ? name : ""] as const,
    ),
    ["project", given.project],
    ["reactions", given.reactions],
    ...given.repo.map((value) => ["repo", value] as const),
    ["state", given.state],
    ["team", given["team-mentions"]],
    ["updated", given.updated],
    ...given.owner.map((value) => ["user", value] as const),
  ];
}

function pullQualifiers({ flags: given, given: names }: Call<typeof pullFlags>): Qualifiers {
  return [
    ["base", given.base],
    ["draft", names.has("draft") ? String(given.draft) : ""],
    ["head", given.head],
    ["is", names.has("merged") ? (given.merged ? "merged" : "unmerged") : ""],
    ["merged", given["merged-at"]],
    ["review", given.review],
    ["review-requested", given["review-requested"]],
    ["reviewed-by", given["reviewed-by"]],
    ["status", given.checks],
    ["type", "pr"],
  ];
}

async function search(call: CommonCall, kind: Kind, own: Qualifiers): Promise<Result> {
  const { args, context, flags: given, given: names } = call;
  const fields = await exporter(call, kind === "pull request" ? pullSearchFields : issueSearchFields);
  requireSearch(call);
  if (names.has("app") && names.has("author")) call.refuse("specify only `--author` or `--app`");
  if (given.app === "" && names.has("app")) context.native("an app without a name");
  if (names.has("order") && given.sort === "") context.native("--order without --sort");
  const q = searchText(args, [...commonQualifiers(call), ...own], context);
  const { sort, order, limit } = given;
  const { items, total } = await readSearch(context, "/search/issues", itemSchema, {
    q,
    sort,
    order,
    limit,
    viewer: searchViewer(q),
  });
  if (fields) return { stdout: await fields.write(items.map((item) => projectItem(fields.fields, item))) };
  requireNoPager(context.invocation.env, context.style);
  return render(call, kind, items, total);
}

const subjects = {
  issue: { shown: "issues", missed: "issues" },
  "pull request": { shown: "pull requests", missed: "pull requests" },
  both: { shown: "issues and pull requests", missed: "issues or pull requests" },
} as const;

function render({ context }: CommonCall, kind: Kind, items: readonly Item[], total: number): Result {
  const tty = context.style.stdoutTty;
  const { shown, missed } = subjects[kind];
  if (items.length === 0) return { stdout: "", stderr: tty ? `no ${missed} matched your search\n` : "" };
  const header = tty ? `\nShowing ${items.length} of ${total} ${shown}\n\n` : "";
  const headings = [...(kind === "both" ? ["KIND"] : []), "REPO", "ID", "TITLE", "LABELS", "UPDATED"];
  const rows = items.map((item) => row(context, kind, item));
  return { stdout: header + renderTable(context, headings, rows) };
}

function row(context: CommonCall["context"], kind: Kind, item: Item): Row {
  const colors = paints(context);
  const tty = context.style.stdoutTty;
  const state = stateOf(item);
  const paint = colors[colorOf(item, state)];
  if (tty && item.labels.length > 0 && colors.hex("ffffff", "x") !== "x") context.native("coloured labels");
  const age = tty ? relativeTime(context.now(), Date.parse(item.updated_at)) : goTimeToSecond(item.updated_at);
  return [
    ...(kind === "both" ? [{ text: item.pull_request ? "pr" : "issue" }] : []),
    { text: repositoryOf(item) },
    { text: tty ? `#${item.number}` : String(item.number), color: paint },
    ...(tty ? [] : [{ text: state }]),
    { text: squeezeSpace(item.title) },
    { text: item.labels.map(({ name }) => name).join(", ") },
    { text: age, color: colors.gray },
  ];
}

function colorOf(item: Item, state: string): "green" | "gray" | "magenta" | "red" {
  if (state === "open") return "green";
  if (item.pull_request) return state === "merged" ? "magenta" : "red";
  return item.state_reason === "not_planned" ? "gray" : "magenta";
}

export const searchIssues: Command = defineCommand({
  path: ["search", "issues"],
  flags: issueFlags,
  json: { known: issueSearchFields },
  arguments: "any",
  run: (call) =>
    search(call, call.flags["include-prs"] ? "both" : "issue", call.flags["include-prs"] ? [] : [["type", "issue"]]),
});

export const searchPulls: Command = defineCommand({
  path: ["search", "prs"],
  flags: pullFlags,
  json: { known: pullSearchFields },
  arguments: "any",
  run: (call) => search(call, "pull request", pullQualifiers(call)),
});
