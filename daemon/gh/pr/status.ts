/**
 * `gh pr status`: the pull request of the branch that is checked out, the caller's own, and those that wait for the
 * caller's review. All of it depends on the caller, and only GraphQL has it: gh's own query is asked with the caller's
 * own token (pkg/cmd/pr/status).
 */
import { currentBranch } from "../checkout/branch.ts";
import { fullName, type RepositoryName } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { squeezeSpace } from "../go/strings.ts";
import { exporter, sortFields } from "../output/output.ts";
import { measureFor } from "../terminal/joined.ts";
import { requireNoPager } from "../terminal/style.ts";
import { truncate } from "../terminal/width.ts";
import { laterFields } from "../versions.ts";
import { type PullField, pullFields } from "./fields.ts";
import { headOfBranch } from "./finder.ts";
import { labelOf } from "./query/branch.ts";
import { areAsked, selectionOf, showOwn } from "./query/own.ts";
import { type OwnPull, ownPullSchema } from "./query/own-schema.ts";
import {
  askStatus,
  fieldsSelection,
  type ShownPull,
  type StatusAnswer,
  shownSchema,
  shownSelection,
} from "./query/status.ts";

const flags = {
  ...repositoryFlag,
  ...exportFlags,
  "conflict-status": { type: "bool", short: "c" },
} as const satisfies FlagTable;

type StatusCall = Call<typeof flags>;

async function run(call: StatusCall): Promise<Result> {
  const { context } = call;
  const fields = await exporter(call, pullFields, laterFields.pull);
  requireNoPager(context.invocation.env, context.style);
  const { stdoutTty, color } = context.style;
  if (!fields && (stdoutTty || color)) context.native("pr status in colours or on a terminal");
  const repository = await context.repository.base();
  const checkout = context.repository.flagged ? undefined : await readCheckout(call, repository);
  const asked = { repository, head: checkout?.head ?? "" };
  if (fields) return { stdout: await fields.write(await readFields(context, fields.fields, asked, checkout)) };
  const selection = shownSelection(call.flags["conflict-status"]);
  const answer = await askStatus(context, { ...asked, selection, pull: shownSchema });
  return { stdout: render(call, repository, answer, checkout) };
}

/** Without a checkout no branch is printed. */
async function readFields(
  context: Context,
  fields: readonly PullField[],
  asked: { readonly repository: RepositoryName; readonly head: string | number },
  checkout: Checkout | undefined,
): Promise<object> {
  if (!areAsked(fields)) context.native("a field that gh asks for otherwise");
  const selection = fieldsSelection(selectionOf(fields));
  const { current, created, requested } = await askStatus(context, { ...asked, selection, pull: ownPullSchema });
  const show = (pull: OwnPull) => sortFields(showOwn(fields, pull, true, context));
  const ofBranch = checkout && { currentBranch: current ? show(current) : null };
  return { ...ofBranch, createdBy: created.nodes.map(show), needsReview: requested.nodes.map(show) };
}

interface Checkout {
  /** Empty where HEAD is on no branch. */
  readonly branch: string;
  /** Its pull request's number, or the label of its head. */
  readonly head: string | number;
}

async function readCheckout({ context }: StatusCall, repository: RepositoryName): Promise<Checkout> {
  const before = "could not query for pull request for current branch: ";
  try {
    const branch = await currentBranch(context, before);
    return { branch, head: await headOfBranch(context, repository, branch) };
  } catch (error) {
    if (error instanceof CommandFailure && error.message.endsWith("not on any branch")) return { branch: "", head: "" };
    throw error;
  }
}

function render(
  { context }: StatusCall,
  repository: RepositoryName,
  { created, requested, current, defaultBranch }: StatusAnswer<ShownPull>,
  checkout: Checkout | undefined,
): string {
  const list = ({ total, nodes }: StatusAnswer<ShownPull>["created"], none: string) =>
    total === 0 ? `  ${none}\n` : lines(nodes, total);
  const lines = (pulls: readonly ShownPull[], total: number) => {
    const more = total > pulls.length ? `  And ${total - pulls.length} more\n` : "";
    return pulls.map((pull) => line(pull)).join("") + more;
  };
  const line = (pull: ShownPull) => {
    const title = truncate(50, squeezeSpace(pull.title), measureFor(pull.title, context.gh));
    return `  #${pull.number}  ${title} [${labelOf(pull)}]${standing(pull)}\n`;
  };
  const shown = current && current.state !== "OPEN" && defaultBranch === checkout?.branch ? undefined : current;
  const ofBranch = checkout && `Current branch\n${shown ? lines([shown], 1) : noneOf(checkout)}\n`;
  return [
    `\nRelevant pull requests in ${fullName(repository)}\n\n`,
    ofBranch ?? "",
    `Created by you\n${list(created, "You have no open pull requests")}\n`,
    `Requesting a code review from you\n${list(requested, "You have no pull requests to review")}\n`,
  ].join("");
}

function noneOf({ head }: Checkout): string {
  return head === "" ? "  There is no current branch\n" : `  There is no pull request associated with [${head}]\n`;
}

const conflicts: Readonly<Record<string, string>> = {
  MERGEABLE: " ✓ No merge conflicts",
  CONFLICTING: " × Merge conflicts",
  UNKNOWN: " ! Merge conflict status unknown",
};

/** The text after a pull request; checks and reviews take a line of their own. */
function standing(pull: ShownPull): string {
  if (pull.state !== "OPEN") return ` - ${pull.state.slice(0, 1)}${pull.state.slice(1).toLowerCase()}`;
  const parts = [checksOf(pull), reviewOf(pull)].filter((part) => part !== "");
  const ownLine = parts.length > 0 ? `\n  ${parts.join(" ")}` : "";
  const autoMerge = pull.autoMergeRequest ? " ✓ Auto-merge enabled" : "";
  return `${ownLine}${conflicts[pull.mergeable ?? ""] ?? ""}${upToDate(pull)}${autoMerge}`;
}

function upToDate({ baseRef, mergeStateStatus }: ShownPull): string {
  if (!baseRef?.branchProtectionRule?.requiresStrictStatusChecks) return "";
  if (mergeStateStatus === "BEHIND") return " - Not up to date";
  return mergeStateStatus === "UNKNOWN" || mergeStateStatus === "DIRTY" ? "" : " ✓ Up to date";
}

function reviewOf({ reviewDecision, latestReviews, baseRef }: ShownPull): string {
  if (reviewDecision === "CHANGES_REQUESTED") return "+ Changes requested";
  if (reviewDecision === "REVIEW_REQUIRED") return "- Review required";
  if (reviewDecision !== "APPROVED") return "";
  const approvals = latestReviews?.nodes.filter(({ state }) => state === "APPROVED").length ?? 0;
  const required = baseRef?.branchProtectionRule?.requiredApprovingReviewCount ?? 0;
  return `✓ ${required > 0 ? `${approvals}/${required}` : approvals} Approved`;
}

const passing = new Set(["NEUTRAL", "SKIPPED", "SUCCESS"]);
const failing = new Set(["ACTION_REQUIRED", "CANCELLED", "ERROR", "FAILURE", "TIMED_OUT"]);

/** gh counts 0 unless there are both runs and statuses. */
function checksOf({ statusCheckRollup }: ShownPull): string {
  const contexts = statusCheckRollup.nodes[0]?.commit.statusCheckRollup?.contexts;
  if (!contexts?.checkRunCountsByState?.length || !contexts.statusContextCountsByState?.length) return "";
  const counts = [...contexts.checkRunCountsByState, ...contexts.statusContextCountsByState];
  const count = (states: ReadonlySet<string>) =>
    counts.reduce((sum, each) => sum + (states.has(each.state) ? each.count : 0), 0);
  const total = contexts.checkRunCount + contexts.statusContextCount;
  const [failed, passed] = [count(failing), count(passing)];
  const known = counts.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return "";
  if (failed > 0) return failed === total ? "× All checks failing" : `× ${failed}/${total} checks failing`;
  if (known - passed > 0) return "- Checks pending";
  return passed === total ? "✓ Checks passing" : "No checks";
}

export const prStatus: Command = defineCommand({
  path: ["pr", "status"],
  flags,
  json: { known: pullFields, later: laterFields.pull },
  arguments: "reminder",
  run,
});
