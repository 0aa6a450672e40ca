/** `gh issue view`. */

import { type RepositoryName, repositoryPath, splitUrl } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { shownName, shownNames } from "../github/actors.ts";
import { readComments, renderRawComments } from "../github/comments.ts";
import { projectsLine } from "../github/projects.ts";
import { issueSchema, type RestIssue, told } from "../github/schemas.ts";
import { sortedLabelNames } from "../github/states.ts";
import { goQuote } from "../go/quote.ts";
import { exporter } from "../output/output.ts";
import { laterFields } from "../versions.ts";
import { issuesDisabled } from "./disabled.ts";
import { isGate, issueFields, issueState, projectIssue } from "./fields.ts";
import { relationsOf } from "./relations.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  comments: { type: "bool", short: "c" },
} as const satisfies FlagTable;

async function run(call: Call<typeof flags>): Promise<Result> {
  const { context, args, flags: given } = call;
  const fields = await exporter(call, issueFields, laterFields.issue);
  if (fields && given.comments && context.gh.has("jsonOrComments"))
    call.refuse("specify only one of --comments or --json");
  if (!fields && context.style.stdoutTty) context.native("markdown on a terminal");
  const { repository, number } = await selectIssue(args[0] ?? "", context);
  const issue = await readIssue(context, repository, number, isGate(fields?.fields ?? []));
  if (!fields) requireIssue(issue, context);
  if (fields) return { stdout: await fields.write(await projectIssue(fields.fields, issue, context)) };
  if (!given.comments) return { stdout: await renderPreview(issue, context) };
  const comments = issue.comments === 0 ? [] : await readComments(context, repository, number);
  return { stdout: renderRawComments(comments) };
}

/** A number, `#N`, or a URL, which names the repository too. */
async function selectIssue(
  selector: string,
  context: Context,
): Promise<{ repository: RepositoryName; number: number }> {
  const url = context.repository.ofThread(selector, "issues") ?? pullOf(selector, context);
  if (url) return url;
  const number = /^#?\+?(\d{1,9})$/.exec(selector)?.[1];
  const unusual = /^#?[+-]?\d+$/.test(selector) || (/^https?:/i.test(selector) && !splitUrl(selector));
  if (number === undefined && unusual) context.native("an unusual selector");
  if (number === undefined) throw new CommandFailure(`invalid issue format: ${goQuote(selector)}`);
  return { repository: await context.repository.base(), number: Number(number) };
}

/** The address of a pull request, which later versions of gh take for an issue's. */
function pullOf(selector: string, context: Context) {
  const url = context.repository.ofThread(selector, "pull");
  return url && context.gh.has("issueViewOfPull") ? url : undefined;
}

async function readIssue(
  context: Context,
  repository: RepositoryName,
  number: number,
  live: boolean,
): Promise<RestIssue> {
  try {
    return await context.reads.get(repositoryPath(repository, "issues", number), issueSchema, { live });
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    if (!(await context.reads.hasIssues(repository))) throw issuesDisabled(repository);
    throw new CommandFailure(
      `GraphQL: Could not resolve to an issue or pull request with the number of ${number}. (repository.issue)`,
    );
  }
}

/** A gh that supports projects of issues also asks for those of a pull request, and finds none. */
function requireIssue(issue: RestIssue, context: Context): void {
  if (issue.pull_request === undefined || !context.gh.has("relations")) return;
  throw new CommandFailure(
    `GraphQL: Could not resolve to an Issue with the number of ${issue.number}. (repository.issue)`,
  );
}

/** The lines of later versions of gh between the milestone and the number. */
function relationLines(issue: RestIssue, context: Context): readonly (readonly [string, string])[] {
  if (!context.gh.has("relations")) return [];
  const { type, parent } = relationsOf(issue, context);
  return [
    ["issue-type", type],
    ["parent", parent],
    ["sub-issues", ""],
    ["sub-issues-completed", ""],
    ["blocked-by", ""],
    ["blocking", ""],
  ];
}

/** The plain preview, as gh prints it where stdout is no terminal. */
async function renderPreview(issue: RestIssue, context: Context): Promise<string> {
  const lines: readonly (readonly [string, string | number])[] = [
    ["title", issue.title],
    ["state", issueState(issue)],
    ["author", await shownName(issue.user, context)],
    ["labels", sortedLabelNames(issue)],
    ["comments", issue.comments],
    ["assignees", await shownNames(told(issue.assignees, "the assignees"), context)],
    ["projects", await projectsLine(context)],
    ["milestone", issue.milestone?.title ?? ""],
    ...relationLines(issue, context),
    ["number", issue.number],
  ];
  return `${lines.map(([name, value]) => `${name}:\t${value}\n`).join("")}--\n${issue.body ?? ""}\n`;
}

export const issueView: Command = defineCommand({
  path: ["issue", "view"],
  flags,
  json: { known: issueFields, later: laterFields.issue },
  asksGraphql: () => true,
  arguments: "one",
  announceCache: true,
  run,
});
