/** `gh pr checks`, once or until all have ended. */

import * as z from "zod";
import { unsettledSeconds } from "../../../shared/routes/unsettled.ts";
import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result, repositoryFlag } from "../command.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Looks } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { type CheckContext, readChecks } from "../github/commit-checks.ts";
import { paints, renderTable } from "../output/list-output.ts";
import { exporter } from "../output/output.ts";
import type { Live } from "../reads/options.ts";
import { everyPage } from "../reads/paging.ts";
import { requireNoPager } from "../terminal/style.ts";
import { aggregate, type CheckBucket, type PullRequestCheck, sortForTable } from "./buckets.ts";
import { EarlyChecks } from "./early-checks.ts";
import { findPull, locatePull } from "./finder.ts";
import { glance } from "./glance.ts";
import { readRequired } from "./required-checks.ts";
import { readPull } from "./source.ts";

const flags = {
  ...repositoryFlag,
  // gh 2.50 and later.
  ...exportFlags,
  "fail-fast": { type: "bool" },
  interval: { type: "int", short: "i", default: 10 },
  required: { type: "bool" },
  watch: { type: "bool" },
} as const satisfies FlagTable;

type ChecksCall = Call<typeof flags>;

const checkFields = [
  "bucket",
  "completedAt",
  "description",
  "event",
  "link",
  "name",
  "startedAt",
  "state",
  "workflow",
] as const;

/** A shared pool is not polled faster than this, in seconds; each look doubles the wait up to the slowest. */
const fastest = 30;
const slowest = 120;

async function run(call: ChecksCall): Promise<Result> {
  const { flags: given, given: names, context } = call;
  if ((names.has("json") || names.has("jq") || names.has("template")) && !context.gh.has("checksJson"))
    context.native("pr checks --json is of gh 2.50");
  const fields = await exporter(call, checkFields);
  if (fields && given.watch) call.refuse("cannot use `--watch` with `--json` flag");
  if (call.args.length === 0 && context.repository.flagged)
    call.refuse("argument required when using the `--repo` flag");
  if (!given.watch && given["fail-fast"]) call.refuse("cannot use `--fail-fast` flag without `--watch` flag");
  if (!given.watch && names.has("interval")) call.refuse("cannot use `--interval` flag without `--watch` flag");
  if (given.required && given.watch) context.native("a watch of required checks");
  if (given.interval < 0) context.native("invalid interval");
  if (given.watch && context.style.stdoutTty) context.native("a watch on a terminal");
  if (!context.style.stdoutTty && context.style.color) context.native("colours outside a terminal");
  requireNoPager(context.invocation.env, context.style);
  if (fields) {
    const checks = await lookOnce(call);
    return { stdout: await fields.write(checks.map((check) => pick(check, fields.fields))) };
  }
  return given.watch ? watch(call) : once(call);
}

async function once(call: ChecksCall): Promise<Result> {
  const checks = await lookOnce(call);
  return { stdout: render(call, checks), exitCode: exitCode(checks) };
}

/**
 * Merges depend on green: a cache may lack a check that was added or started again, so only an answer that GitHub has
 * just given counts. Where this machine saw green last, GitHub is asked at once.
 */
async function lookOnce(call: ChecksCall): Promise<readonly PullRequestCheck[]> {
  const { context } = call;
  if (call.flags.required) return readRequired(context, call.args[0]);
  const wasGreen = (repository: RepositoryName, sha: string) => {
    const path = repositoryPath(repository, "commits", sha, "check-runs");
    const runs = context.reads.held(path, settledSchema, everyPage)?.check_runs ?? [];
    return runs.length > 0 && runs.every(({ conclusion }) => conclusion !== null && !failures.has(conclusion));
  };
  const glanced = await glance(context, call.args[0], wasGreen);
  if (glanced && exitCode(glanced) !== 0) return glanced;
  const seen = await look(call, wasGreen);
  if (exitCode(seen.checks) !== 0) return seen.checks;
  const { repository, number, sha } = seen;
  const [pull, checks] = await Promise.all([
    readPull(context, repository, number, { live: "here" }),
    readChecks(context, repository, sha, { live: "here", show: showOf(call) }),
  ]);
  return pull.head.sha === sha ? aggregate(checks) : (await look(call, () => true, true)).checks;
}

const settledSchema = z.looseObject({ check_runs: z.array(z.looseObject({ conclusion: z.string().nullable() })) });
/** REST's names of the conclusions that make gh fail. */
const failures = new Set(["failure", "timed_out", "action_required", "startup_failure", "cancelled", "stale"]);

function pick(check: PullRequestCheck, fields: readonly (keyof PullRequestCheck)[]): object {
  return Object.fromEntries(fields.map((field) => [field, check[field]]));
}

/**
 * Prints at each look, as gh does. A look after the polling interval is live. A look that an event woke takes any
 * answer newer than that event; but the watch ends only by an answer for which GitHub was asked since the look began.
 */
async function watch(call: ChecksCall): Promise<Result> {
  const { context } = call;
  const { repository, at } = await locatePull(context, call.args[0]);
  const tags = [typeof at === "number" ? `pull:${at}` : "pulls", "checks"];
  const changes = context.watch(fullName(repository), tags, ["pulls", "checks", "actions"]);
  try {
    return await watchUntil(call, changes);
  } finally {
    changes.close();
  }
}

async function watchUntil(call: ChecksCall, changes: Looks): Promise<Result> {
  const { context, flags: given } = call;
  let live = true;
  for (let wait = Math.max(fastest, given.interval); ; wait = Math.min(slowest, wait * 2)) {
    const seen = await context.look(async () => {
      const first = await look(call, () => live, live);
      const isOver = !live && count(first.checks, "pending") === 0;
      return isOver ? look(call, () => "here", "here") : first;
    });
    const { checks } = seen;
    changes.narrow([`pull:${seen.number}`, `sha:${seen.sha}`]);
    const table = render(call, checks);
    const pending = count(checks, "pending") > 0;
    const failed = given["fail-fast"] && count(checks, "fail") > 0;
    if (!pending || failed) {
      const head = pending ? refreshing(given.interval) : "";
      return { stdout: head + table + table, exitCode: exitCode(checks) };
    }
    context.emit("stdout", refreshing(given.interval) + table);
    live = !(await changes.next(wait * 1000));
  }
}

function refreshing(interval: number): string {
  return `Refreshing checks status every ${interval} seconds. Press Ctrl+C to quit.\n\n`;
}

/**
 * The pull request names the head, and may be as old as unsettled checks.
 *
 * @param isLive whether the checks of a head are asked from GitHub, and with them the pull request
 * @param live whether the pull request is asked from GitHub in any case
 */
async function look(call: ChecksCall, isLive: (repository: RepositoryName, sha: string) => Live, live: Live = false) {
  const { args, context } = call;
  const early = new EarlyChecks(context, isLive, { show: showOf(call) });
  const options = { live: () => live || early.isLive, within: unsettledSeconds, onNumber: early.guess };
  const { repository, pull } = await findPull(context, args[0], options);
  const { sha } = pull.head;
  const checks = await early.of(repository, sha);
  if (checks.length === 0) {
    throw new CommandFailure(`no checks reported on the '${pull.head.ref}' branch`);
  }
  return { repository, number: pull.number, sha, checks: aggregate(checks) };
}

/** Prints the checks of a head; undefined if the output names their workflows. */
function showOf({ flags: given, given: names, context }: ChecksCall) {
  if (names.has("json")) return /\b(?:workflow|event)\b/.test(String(given.json)) ? undefined : aggregateAll;
  return context.style.stdoutTty ? undefined : (checks: readonly CheckContext[]) => sortForTable(aggregate(checks));
}

const aggregateAll = (checks: readonly CheckContext[]) => aggregate(checks);

function count(checks: readonly PullRequestCheck[], bucket: CheckBucket): number {
  return checks.filter((check) => check.bucket === bucket).length;
}

/** A failure is 1, something pending 8; cancelled checks do not count. */
function exitCode(checks: readonly PullRequestCheck[]): number {
  if (count(checks, "fail") > 0) return 1;
  return count(checks, "pending") > 0 ? 8 : 0;
}

function render({ context }: ChecksCall, unsorted: readonly PullRequestCheck[]): string {
  const checks = sortForTable(unsorted);
  if (!context.style.stdoutTty) {
    return renderTable(
      context,
      [],
      checks.map(({ name, bucket, elapsed, link, description }) =>
        [name, bucket === "cancel" ? "fail" : bucket, elapsed || "0", link, description].map((text) => ({ text })),
      ),
    );
  }
  const colors = paints(context);
  const marks = {
    pass: { text: "✓", color: colors.green },
    fail: { text: "X", color: colors.red },
    pending: { text: "*", color: colors.yellow },
    skipping: { text: "-", color: colors.gray },
    cancel: { text: "-", color: colors.gray },
  } as const;
  const rows = checks.map((check) => {
    const workflow = check.workflow === "" ? "" : `${check.workflow}/`;
    const event = check.event === "" ? "" : ` (${check.event})`;
    const texts = [`${workflow}${check.name}${event}`, check.description, check.elapsed, check.link];
    return [marks[check.bucket], ...texts.map((text) => ({ text }))];
  });
  return `${summary(checks, context)}\n\n${renderTable(context, ["", "NAME", "DESCRIPTION", "ELAPSED", "URL"], rows)}`;
}

/** No line, where all checks were cancelled and this gh does not count that. */
function summary(checks: readonly PullRequestCheck[], context: ChecksCall["context"]): string {
  const onlyCancelled = checks.every(({ bucket }) => bucket === "cancel");
  if (onlyCancelled && !context.gh.has("cancelledSummary")) return "";
  return `${paints(context).bold(verdict(checks))}\n${tally(checks)}`;
}

function verdict(checks: readonly PullRequestCheck[]): string {
  if (count(checks, "fail") > 0) return "Some checks were not successful";
  if (count(checks, "pending") > 0) return "Some checks are still pending";
  return count(checks, "cancel") > 0 ? "Some checks were cancelled" : "All checks were successful";
}

function tally(checks: readonly PullRequestCheck[]): string {
  const [cancelled, failing, successful] = [count(checks, "cancel"), count(checks, "fail"), count(checks, "pass")];
  const [skipped, pending] = [count(checks, "skipping"), count(checks, "pending")];
  return `${cancelled} cancelled, ${failing} failing, ${successful} successful, ${skipped} skipped, and ${pending} pending checks`;
}

export const prChecks: Command = defineCommand({
  path: ["pr", "checks"],
  flags,
  json: { known: checkFields },
  asksGraphql: () => true,
  arguments: "optional",
  announceCache: true,
  run,
});
