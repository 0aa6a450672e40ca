/** `gh pr view`. */

import { NativeRequired } from "../../reader.ts";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { loginOf, shownName, shownNames } from "../github/actors.ts";
import { displayableReviews, readComments, readReviews, renderRawComments } from "../github/comments.ts";
import { projectsLine } from "../github/projects.ts";
import { type RestPull, type RestReview, told } from "../github/schemas.ts";
import { pullState, sortedLabelNames, stateWithDraft } from "../github/states.ts";
import { type Exporter, exporter } from "../output/output.ts";
import { laterFields } from "../versions.ts";
import { lastLook } from "./checks-query.ts";
import { mayBeQueried, pricesOfOne, requireCheapest } from "./cost.ts";
import { EarlyChecks } from "./early-checks.ts";
import { type PullField, planFields, pullFields } from "./fields.ts";
import { type FoundNumber, type FoundPull, findNumber, findPull, locatePull, readNumber } from "./finder.ts";
import { pointsOfOne } from "./points.ts";
import { projectPull } from "./project.ts";
import { areGateFields, isQueried, queryPull, showQueried } from "./query/index.ts";
import { askOwnPull, orByOwnQuery, requestOfOne } from "./query/own.ts";
import { rowOf } from "./query/rows.ts";
import { reviewersLine } from "./reviewers.ts";
import { hydrate, requireSameHead } from "./source.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  comments: { type: "bool", short: "c" },
} as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const fields = await exporter(call, pullFields, laterFields.pull);
  if (fields && call.flags.comments && call.context.gh.has("jsonOrComments"))
    call.refuse("specify only one of --comments or --json");
  if (call.args.length === 0 && call.context.repository.flagged)
    call.refuse("argument required when using the --repo flag");
  if (fields?.fields.length === 0) throw new CommandFailure("Find error: no fields specified");
  if (fields) return { stdout: await fields.write(await readFields(call, fields)) };
  if (call.context.style.stdoutTty) call.context.native("markdown on a terminal");
  if (call.context.style.color) call.context.native("colours outside a terminal");
  const found = await findPull(call.context, call.args[0], { live: false });
  return { stdout: call.flags.comments ? await conversation(call, found) : await preview(call, found) };
}

/** By REST and the pool as far as they have the fields; else by gh's own query. */
function readFields({ args, context }: ViewCall, { fields }: Exporter<PullField>): Promise<object> {
  const read = (mayAsk: boolean) => readShared(context, args[0], fields, mayAsk);
  return orByOwnQuery(read, { context, fields }, async (settings) => {
    const { repository, number } = await findNumber(context, args[0]);
    return askOwnPull(context, { repository, number, fields }, settings);
  });
}

async function readShared(
  context: Context,
  selector: string | undefined,
  fields: readonly PullField[],
  mayAsk: boolean,
): Promise<object> {
  const plan = planFields(fields);
  if (plan.native !== undefined) context.native(plan.native);
  if (plan.needs.has("query")) return viewQueried(context, await findNumber(context, selector), fields);
  const polled = areGateFields(fields) ? await findNumber(context, selector) : undefined;
  const last = polled && (await lastLook(context, polled.repository, polled.number));
  const queried = polled && last?.isQueryDue ? await viewIfQueried(context, polled, fields) : undefined;
  if (queried) return queried;
  const alone = fields.every((field) => field === "number");
  const asked = alone ? context.gh.tells("numberIsAsked") : true;
  if (asked === false) {
    // This gh sends no request when only the number is wanted and the selector has it.
    const { at } = await locatePull(context, selector);
    if (typeof at === "number") return { number: at };
  }
  const checks = plan.needs.has("checks")
    ? new EarlyChecks(context, () => plan.live && "vouched", { head: last?.head })
    : undefined;
  const options = { live: plan.pull, ...(checks && { onNumber: checks.guess }) };
  const mayCostLess = mayAsk && mayBeQueried(fields);
  const find = async () => {
    const { repository, number } = polled ?? (await findNumber(context, selector));
    if (mayCostLess) await requireCheapestOne(context, repository, number, fields);
    return readNumber(context, repository, number, options);
  };
  const { repository, pull } = await find().catch((error: unknown) => {
    // Of one that is there, every gh prints the same.
    if (asked === undefined && error instanceof CommandFailure) context.native("a number that may not be asked for");
    throw error;
  });
  // Only now it may be known that the pool cannot read it.
  if (mayCostLess) await requireCheapestOne(context, repository, pull.number, fields);
  const source = await hydrate(context, repository, pull, pull, plan, checks);
  return projectPull(fields, source, context);
}

/** Undefined where the pool does not answer the query: REST may. */
function viewIfQueried(context: Context, found: FoundNumber, fields: readonly PullField[]) {
  return viewQueried(context, found, fields).catch((error: unknown) => {
    if (error instanceof NativeRequired && !context.signal.aborted) return undefined;
    throw error;
  });
}

/** Leaves it to gh's own query where that costs the caller less than the reads that are left. */
async function requireCheapestOne(
  context: Context,
  repository: RepositoryName,
  number: number,
  fields: readonly PullField[],
): Promise<void> {
  if (!context.reads.isOwn(repositoryPath(repository, "pulls", number))) return;
  const prices = await pricesOfOne(context, repository, number, fields);
  const query = { request: requestOfOne(repository, number, fields), points: pointsOfOne(fields) };
  await requireCheapest(context, prices, query);
}

/** One GraphQL query for the fields that it has, and REST for the others. */
async function viewQueried(
  context: Context,
  { repository, number }: FoundNumber,
  fields: readonly PullField[],
): Promise<object> {
  const { live } = planFields(fields);
  const [queriedFields, others] = [fields.filter(isQueried), fields.filter((field) => !isQueried(field))];
  if (others.includes("comments")) context.native("comments beside fields of GraphQL alone take more reads than gh");
  const asked: readonly PullField[] = others.length > 0 ? [...queriedFields, "headRefOid"] : queriedFields;
  const queried = await queryPull(context, repository, number, asked, { live });
  const shown = showQueried(queriedFields, queried, context, rowOf);
  if (others.length === 0) return shown;
  const { pull } = await readNumber(context, repository, number, { live });
  if (pull.head.sha !== queried.pull.headRefOid) context.native("the head moved while it was read");
  const source = await hydrate(context, repository, pull, pull, planFields(others));
  return { ...shown, ...(await projectPull(others, source, context)) };
}

async function conversation({ context }: ViewCall, { repository, pull }: FoundPull): Promise<string> {
  const [comments, reviews] = await Promise.all([
    pull.comments === 0 ? [] : readComments(context, repository, pull.number),
    readReviews(context, repository, pull.number),
  ]);
  await requireSameHead(context, repository, pull);
  return renderRawComments([...comments, ...displayableReviews(reviews)]);
}

async function preview({ context }: ViewCall, { repository, pull }: FoundPull): Promise<string> {
  return renderPreview(pull, await readReviews(context, repository, pull.number), context);
}

/** The plain preview, as gh prints it where stdout is no terminal. */
async function renderPreview(pull: RestPull, reviews: readonly RestReview[], context: Context): Promise<string> {
  const autoMerge = pull.auto_merge
    ? `enabled\t${loginOf(pull.auto_merge.enabled_by)}\t${pull.auto_merge.merge_method.toLowerCase()}`
    : "disabled";
  const lines: readonly (readonly [string, string | number])[] = [
    ["title", pull.title],
    ["state", stateWithDraft(pullState(pull), pull.draft ?? false)],
    ["author", await shownName(pull.user, context)],
    ["labels", sortedLabelNames(pull)],
    ["assignees", await shownNames(told(pull.assignees, "the assignees"), context)],
    ["reviewers", await reviewersLine(pull, reviews, context)],
    ["projects", await projectsLine(context)],
    ["milestone", pull.milestone?.title ?? ""],
    ["number", pull.number],
    ["url", pull.html_url],
    ["additions", pull.additions],
    ["deletions", pull.deletions],
    ["auto-merge", autoMerge],
  ];
  return `${lines.map(([name, value]) => `${name}:\t${value}\n`).join("")}--\n${pull.body ?? ""}\n`;
}

export const prView: Command = defineCommand({
  path: ["pr", "view"],
  flags,
  json: { known: pullFields, later: laterFields.pull },
  asksGraphql: () => true,
  arguments: "optional",
  announceCache: true,
  run,
});
