/** `gh issue status`: the caller's issues, each kind from a list of its own (pkg/cmd/issue/status). */
import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { GitHubRefusal } from "../command-failure.ts";
import type { FlagTable } from "../flags.ts";
import { issueSchema, type RestIssue } from "../github/schemas.ts";
import { paints } from "../output/list-output.ts";
import { exporter, sortFields } from "../output/output.ts";
import { requireNoPager } from "../terminal/style.ts";
import { laterFields } from "../versions.ts";
import { issueFields, projectIssue } from "./fields.ts";
import { issueTable } from "./table.ts";

const flags = { ...repositoryFlag, ...exportFlags } as const satisfies FlagTable;
type StatusCall = Call<typeof flags>;

/** gh shows so many of each. */
const mostShown = 10;

/** In gh's order: the name in JSON, REST's filter, the heading, and the text for an empty list. */
const kinds = [
  { key: "assigned", filter: "assignee", title: "Issues assigned to you", none: "There are no issues assigned to you" },
  {
    key: "mentioned",
    filter: "mentioned",
    title: "Issues mentioning you",
    none: "There are no issues mentioning you",
  },
  { key: "createdBy", filter: "creator", title: "Issues opened by you", none: "There are no issues opened by you" },
] as const;
type Kind = (typeof kinds)[number];

interface Concerning {
  readonly kind: Kind;
  readonly total: number;
  readonly issues: readonly RestIssue[];
}

async function run(call: StatusCall): Promise<Result> {
  const { context } = call;
  const fields = await exporter(call, issueFields, laterFields.issue);
  const repository = await context.repository.base();
  if (!(await context.reads.hasIssues(repository))) context.native("a repository without issues");
  const login = await context.reads.viewerLogin();
  const found = await Promise.all(kinds.map((kind) => readKind(call, repository, kind, login)));
  if (fields) {
    const entries = found.map(async ({ kind, issues }) => [
      kind.key,
      sortFields(await Promise.all(issues.map((issue) => projectIssue(fields.fields, issue, context)))),
    ]);
    return { stdout: await fields.write(Object.fromEntries(await Promise.all(entries))) };
  }
  requireNoPager(context.invocation.env, context.style);
  if (context.style.stdoutTty || context.style.color) context.native("issue status on a terminal");
  return { stdout: render(call, repository, found) };
}

/** Open issues only, latest change first, as far as that order is one. */
async function readKind(
  { context }: StatusCall,
  repository: RepositoryName,
  kind: Kind,
  login: string,
): Promise<Concerning> {
  try {
    const all = await context.reads.list(repositoryPath(repository, "issues"), issueSchema, {
      query: [
        ["state", "open"],
        ["sort", "updated"],
        ["direction", "desc"],
        [kind.filter, login],
      ],
      accept: (issue) => issue.pull_request === undefined,
      identity: ({ number }) => number,
    });
    const near = all.slice(0, mostShown + 1).map(({ updated_at }) => updated_at);
    if (new Set(near).size < near.length) context.native("issues changed at the same time");
    return { kind, total: all.length, issues: all.slice(0, mostShown) };
  } catch (error) {
    if (error instanceof GitHubRefusal) context.native(`issues answer ${error.status}`);
    throw error;
  }
}

function render({ context }: StatusCall, repository: RepositoryName, found: readonly Concerning[]): string {
  const { bold } = paints(context);
  const parts = found.map(({ kind, total, issues }) => {
    const more = total > issues.length ? `  And ${total - issues.length} more\n` : "";
    const body = total === 0 ? `  ${kind.none}\n` : `${issueTable(context, issues, "  ")}${more}`;
    return `${bold(kind.title)}\n${body}\n`;
  });
  return `\nRelevant issues in ${fullName(repository)}\n\n${parts.join("")}`;
}

export const issueStatus: Command = defineCommand({
  path: ["issue", "status"],
  flags,
  json: { known: issueFields, later: laterFields.issue },
  asksGraphql: () => true,
  arguments: "reminder",
  announceCache: true,
  run,
});
