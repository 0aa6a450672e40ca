/** How long an answer lives: the state-dependent rules of the route table, from a body and a clock. */
import * as z from "zod";
import type { ClassifiedRoute } from "./classify.ts";
import { day, hour, minute } from "./durations.ts";
import type { Seconds, StateRule, StateStale } from "./types.ts";
import { unsettledSeconds } from "./unsettled.ts";

/** Seconds that an answer is served without asking GitHub, and seconds after that in which an outage may serve it. */
export interface Lifetime {
  readonly fresh: Seconds;
  readonly stale: Seconds;
}

export interface FreshnessContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In place of {@link unsettledSeconds}. */
  readonly unsettled?: Seconds;
  /** The run attempt that a `jobs` answer belongs to was itself seen completed. */
  readonly attemptCompleted?: boolean;
  /** The pull request's head was proven to be the one that the caller's hint names. */
  readonly headVerified?: boolean;
}

/**
 * The lifetime of a 2xx answer.
 *
 * @param body the parsed JSON body, or undefined when it is not JSON: state-dependent rules then give their minimum
 * @returns undefined for an answer that is never kept in a response cache
 */
export function lifetimeOf(
  classified: ClassifiedRoute,
  body: unknown,
  context: FreshnessContext,
): Lifetime | undefined {
  const { cache } = classified.route;
  if (!cache || "store" in cache) return undefined;
  const { unsettled = unsettledSeconds } = context;
  const input: RuleInput = { body, context, unsettled, pinned: classified.params.attempt !== undefined };
  const fresh = typeof cache.fresh === "number" ? cache.fresh : freshRules[cache.fresh](input);
  const stale = typeof cache.stale === "number" ? cache.stale : staleRules[cache.stale](input);
  return { fresh, stale };
}

interface RuleInput {
  readonly body: unknown;
  readonly context: FreshnessContext;
  /** {@link unsettledSeconds}, or their override. */
  readonly unsettled: Seconds;
  /** The path names one attempt of a run. */
  readonly pinned: boolean;
}

const freshRules: Readonly<Record<StateRule, (input: RuleInput) => Seconds>> = {
  pull: ({ body, context }) => {
    const pull = pullSchema.safeParse(body).data;
    if (!pull) return 2 * minute;
    if (pull.merged_at) return hour;
    return tenthOfAge(pull.updated_at, context.now, 2 * minute, pull.state === "closed" ? hour : 5 * minute);
  },
  issue: ({ body }) => (stateSchema.safeParse(body).data?.state === "closed" ? hour : 5 * minute),
  run: (input) => {
    const run = runSchema.safeParse(input.body).data;
    if (run?.status !== "completed") return input.unsettled;
    return input.pinned ? 6 * hour : settledFor([run.updated_at], input, 10 * minute);
  },
  jobs: (input) => {
    if (terminalJobs(input)) return 6 * hour;
    const jobs = jobListSchema.safeParse(input.body).data?.jobs ?? [];
    const items = jobs.map(({ status, completed_at }) => ({ settled: status === "completed", at: completed_at }));
    return itemsLifetime(items, shortened(input, 1), 10 * minute);
  },
  job: (input) =>
    runSchema.safeParse(input.body).data?.status === "completed" ? 6 * hour : shortened(input, 1).unsettled,
  // A run may begin at any moment, even after others have ended.
  run_list: ({ unsettled }) => unsettled,
  pull_files: ({ context }) => (context.headVerified ? 5 * minute : minute),
  checks: (input) => checksLifetime(input, 10 * minute),
  checks_by_ref: (input) => checksLifetime(input, 2 * minute),
};

const staleRules: Readonly<Record<StateStale, (input: RuleInput) => Seconds>> = {
  terminal_attempt: (input) => (terminalAttempt(input) ? day : 5 * minute),
  terminal_job: ({ body }) => (runSchema.safeParse(body).data?.status === "completed" ? day : 5 * minute),
};

/**
 * So many thirds of the lifetime of unsettled answers: one for a job, which changes with each of its steps; two for a
 * commit's checks, which change with each job's beginning and end. A run changes with its own end.
 */
function shortened(input: RuleInput, thirds: 1 | 2): RuleInput {
  return { ...input, unsettled: Math.ceil((input.unsettled * thirds) / 3) };
}

const timestamp = z.string().nullish();
const stateSchema = z.object({ state: z.string() });
const pullSchema = z.object({ state: z.string(), merged_at: timestamp, updated_at: timestamp });
const runSchema = z.object({ status: z.string().nullable(), updated_at: timestamp });
const jobListSchema = z.object({ jobs: z.array(z.object({ status: z.string().nullable(), completed_at: timestamp })) });

function terminalAttempt(input: RuleInput): boolean {
  return (input.pinned && runSchema.safeParse(input.body).data?.status === "completed") || terminalJobs(input);
}

/** A job list is final only when its attempt is: a run adds jobs while it goes on. */
function terminalJobs({ body, context, pinned }: RuleInput): boolean {
  const jobs = jobListSchema.safeParse(body).data?.jobs;
  return (
    pinned &&
    context.attemptCompleted === true &&
    jobs !== undefined &&
    jobs.length > 0 &&
    jobs.every(({ status }) => status === "completed")
  );
}

/** A tenth of the time since `since`, within bounds; a missing, invalid or future time gives the minimum. */
function tenthOfAge(since: string | null | undefined, now: number, least: Seconds, most: Seconds): Seconds {
  const at = since ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(at) || at > now) return least;
  return Math.min(most, Math.max(least, Math.floor((now - at) / 10_000)));
}

/** One job, check run, check suite or commit status. */
interface CheckItem {
  readonly settled: boolean;
  readonly at: string | null | undefined;
}

const checkSchema = z
  .object({ status: z.string().nullable(), completed_at: timestamp, updated_at: timestamp })
  .transform((item): CheckItem => ({ settled: item.status === "completed", at: item.completed_at ?? item.updated_at }));
const statusSchema = z
  .object({ state: z.string(), updated_at: timestamp })
  .transform((item): CheckItem => ({ settled: item.state !== "pending", at: item.updated_at }));

/** Items beyond this page are not proven settled. */
const total = z.number().optional();
const wholePage = (items: readonly CheckItem[], count: number | undefined): readonly CheckItem[] =>
  count !== undefined && count > items.length ? [] : items;

/** Every shape in which GitHub lists checks or statuses. */
const checksSchema = z.union([
  z
    .object({ check_runs: z.array(checkSchema), total_count: total })
    .transform(({ check_runs, total_count }) => wholePage(check_runs, total_count)),
  z
    .object({ check_suites: z.array(checkSchema), total_count: total })
    .transform(({ check_suites, total_count }) => wholePage(check_suites, total_count)),
  z
    .object({ statuses: z.array(statusSchema), total_count: total })
    .transform(({ statuses, total_count }) => wholePage(statuses, total_count)),
  z.array(statusSchema),
  checkSchema.transform((item) => [item]),
]);

function checksLifetime(input: RuleInput, most: Seconds): Seconds {
  return itemsLifetime(checksSchema.safeParse(input.body).data ?? [], shortened(input, 2), most);
}

function itemsLifetime(items: readonly CheckItem[], input: RuleInput, most: Seconds): Seconds {
  if (!items.every(({ settled }) => settled)) return input.unsettled;
  return settledFor(
    items.map(({ at }) => at),
    input,
    most,
  );
}

/** An ended run stays fresh for a tenth of the time since its end: additions and restarts mostly come soon. */
function settledFor(
  ends: readonly (string | null | undefined)[],
  { context, unsettled }: RuleInput,
  most: Seconds,
): Seconds {
  const times = ends.map((at) => (at ? Date.parse(at) : Number.NaN));
  if (times.length === 0 || times.some((at) => Number.isNaN(at) || at > context.now)) return unsettled;
  return tenthOfAge(new Date(Math.max(...times)).toISOString(), context.now, unsettled, most);
}
