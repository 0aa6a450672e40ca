/**
 * The requests that the caller's own gh would make for a command, as counted for gh 2.46, without its daily requests
 * for a host's features. `scripts/bench/team/gh-costs.json` has the counts, and a test compares this table with them.
 */
import { NativeRequired } from "../reader.ts";
import { CommandFailure } from "./command-failure.ts";
import { pagesOfGh } from "./cost/reckoning.ts";
import { type FlagTable, parseFlags } from "./flags.ts";
import { commands, findCommand } from "./registry.ts";

/** Requests of one command of gh's. */
interface GhCost {
  readonly rest: number;
  readonly graphql: number;
  /** A lower bound: gh makes one more for each job's annotations, each look, each page. */
  readonly orMore: boolean;
}

interface Typed {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
}

type Row = (typed: Typed) => Partial<GhCost>;

const oneQuery: Row = () => ({ graphql: 1 });
const oneRead: Row = () => ({ rest: 1 });
const searched: Row = ({ flags }) => ({ rest: pagesOf(flags.limit) });
/** A query for each page of the limit. */
const listed: Row = ({ flags }) => ({ graphql: pagesOf(flags.limit) });
const isJson = ({ given }: Typed) => given.has("json");
const isNumber = (text: string | undefined) => /^#?\d+$/.test(text ?? "");

const rows: Readonly<Record<string, Row>> = {
  api: ({ args, flags }) => ({
    ...(args[0] === "graphql" ? { graphql: 1 } : { rest: 1 }),
    orMore: flags.paginate === true,
  }),
  "issue list": ({ flags }) => ({ graphql: pagesOf(flags.limit) + (flags.milestone ? 1 : 0) }),
  "issue status": oneQuery,
  "issue view": oneQuery,
  "label list": listed,
  "pr checks": ({ flags }) => ({ graphql: 2, orMore: flags.watch === true }),
  "pr diff": ({ args }) => ({ rest: 1, graphql: isNumber(args[0]) ? 0 : 1 }),
  "pr list": listed,
  "pr status": oneQuery,
  "pr view": oneQuery,
  "release list": listed,
  "release view": ({ args }) => ({ rest: 1, graphql: args.length > 0 ? 1 : 0 }),
  "repo list": listed,
  "repo view": (typed) => ({ rest: isJson(typed) ? 0 : 1, graphql: 1 }),
  "run list": ({ flags }) => ({ rest: 1 + pagesOf(flags.limit) }),
  "run view": runView,
  "run watch": () => ({ rest: 2, orMore: true }),
  "search issues": searched,
  "search prs": searched,
  "search repos": searched,
  "workflow list": oneRead,
  "workflow view": () => ({ rest: 2 }),
};

/** Run, workflow, jobs, and the annotations of each job; the pull request of its branch by GraphQL. */
function runView(typed: Typed): Partial<GhCost> {
  const { flags } = typed;
  if (isJson(typed)) return { rest: String(flags.json).split(",").includes("jobs") ? 3 : 2 };
  if (flags.log === true || flags["log-failed"] === true) return { rest: 3 };
  return flags.job ? { rest: 4, graphql: 1 } : { rest: 5, graphql: 1, orMore: true };
}

function pagesOf(limit: unknown): number {
  return typeof limit === "number" ? pagesOfGh(limit) : 1;
}

/** Undefined for a command that is not in the table, or that gh refuses. */
export function costOfGh(args: readonly string[]): GhCost | undefined {
  const found = findCommand(commands, args);
  const row = found && rows[found.command.path.join(" ")];
  if (!row) return undefined;
  const typed = typedOf(found.command.flags, found.args);
  return typed && { rest: 0, graphql: 0, orMore: false, ...row(typed) };
}

function typedOf(table: FlagTable, args: readonly string[]): Typed | undefined {
  try {
    const { values, given, positional } = parseFlags(table, args, undefined);
    return { flags: values, given, args: positional };
  } catch (error) {
    if (error instanceof NativeRequired || error instanceof CommandFailure) return undefined;
    throw error;
  }
}
