/** `gh issue view`. */

import { parseThreadUrl, type Repository, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { loginOf } from "../github/actors.ts";
import { readComments, renderRawComments } from "../github/comments.ts";
import { issueSchema, type RestIssue, told } from "../github/schemas.ts";
import { sortedLabelNames } from "../github/states.ts";
import { exporter } from "../output/output.ts";
import { isGate, issueFields, issueState, laterIssueFields, projectIssue } from "./fields.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  comments: { type: "bool", short: "c" },
} as const satisfies FlagTable;

async function run(call: Call<typeof flags>): Promise<Result> {
  const { context, args, flags: given } = call;
  const fields = await exporter(call, issueFields, laterIssueFields);
  if (!fields && context.style.stdoutTty) context.native("markdown on a terminal");
  const { repository, number } = await selectIssue(args[0] ?? "", context);
  const issue = await readIssue(context, repository, number, isGate(fields?.fields ?? []));
  if (fields) return { stdout: await fields.write(await projectIssue(fields.fields, issue, context)) };
  if (!given.comments) return { stdout: renderPreview(issue) };
  const comments = issue.comments === 0 ? [] : await readComments(context, repository, number);
  return { stdout: renderRawComments(comments) };
}

/** A number, `#N`, or a URL, which names the repository too. */
async function selectIssue(selector: string, context: Context): Promise<{ repository: Repository; number: number }> {
  const url = parseThreadUrl(selector, "issues");
  if (url) return url;
  const number = /^#?\+?(\d{1,9})$/.exec(selector)?.[1];
  if (number === undefined && /^(?:#?[+-]?\d+$|https?:)/i.test(selector)) context.native("an unusual selector");
  if (number === undefined) throw new CommandFailure(`invalid issue format: ${JSON.stringify(selector)}`);
  return { repository: await context.repository.base(), number: Number(number) };
}

async function readIssue(context: Context, repository: Repository, number: number, live: boolean): Promise<RestIssue> {
  try {
    return await context.reads.get(repositoryPath(repository, "issues", number), issueSchema, { live });
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    await context.reads.repositoryExists(repository);
    throw new CommandFailure(
      `GraphQL: Could not resolve to an issue or pull request with the number of ${number}. (repository.issue)`,
    );
  }
}

/** The plain preview, as gh prints it where stdout is no terminal. */
export function renderPreview(issue: RestIssue): string {
  const lines: readonly (readonly [string, string | number])[] = [
    ["title", issue.title],
    ["state", issueState(issue)],
    ["author", loginOf(issue.user)],
    ["labels", sortedLabelNames(issue.labels)],
    ["comments", issue.comments],
    [
      "assignees",
      told(issue.assignees, "the assignees")
        .map((user) => user.login)
        .join(", "),
    ],
    ["projects", ""],
    ["milestone", issue.milestone?.title ?? ""],
    ["number", issue.number],
  ];
  return `${lines.map(([name, value]) => `${name}:\t${value}\n`).join("")}--\n${issue.body ?? ""}\n`;
}

export const issueView: Command = defineCommand({
  path: ["issue", "view"],
  flags,
  minArgs: 1,
  maxArgs: 1,
  announceCache: true,
  run,
});
