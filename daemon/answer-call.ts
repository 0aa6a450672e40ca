/** Answers one `gh …`: from the client's call to its output, or to the real gh. */
import { setTimeout as delay } from "node:timers/promises";
import { lastingReasons, OctopoolError } from "../shared/errors.ts";
import type { SharedRead } from "../shared/graphql/recognise.ts";
import { oneLine } from "../shared/one-line.ts";
import { aliasReason } from "../shared/protocol.ts";
import type { Asker } from "./cache/reads.ts";
import type { ReadTrouble } from "./cache/trouble.ts";
import { answerWasCut, queriesOf, sourcesOf, surroundingsOf } from "./call-sources.ts";
import type { Comparisons, Judgement } from "./comparison/index.ts";
import { repositoryOfPath } from "./freshness/named-repositories.ts";
import type { EngineDependencies, Invocation, Outcome } from "./gh/engine.ts";
import type { NoticeKind } from "./notices.ts";
import type { PersonalAccess } from "./personal/access.ts";
import type { CallerTokens } from "./personal/index.ts";
import { type PreparedCall, prepareCall } from "./prepare-call.ts";
import { type GitHubReader, NativeRequired, type ReadAnswer, type ReadRequest } from "./reader.ts";
import type { DaemonWorld } from "./world.ts";

export type CallOutcome =
  | { readonly kind: "done"; readonly stdout: string | Uint8Array; readonly stderr: string; readonly exitCode: number }
  | {
      readonly kind: "native";
      readonly reason: string;
      readonly notice: string;
      /** The client runs gh and sends its output under this name. */
      readonly compare?: string;
      /** The call may be answered when it is sent again with the token of its environment. */
      readonly needsToken?: true;
      /** gh runs with the settings in this directory: its requests come here. */
      readonly via?: string;
    };

type NativeOutcome = Extract<CallOutcome, { kind: "native" }>;

interface CallOptions {
  readonly invocation: Invocation;
  /** The caller's own token at the relay, where its environment names one. */
  readonly token?: string | undefined;
  /** GitHub tokens of the caller's environment, where the client sent them. */
  readonly githubTokens?: CallerTokens | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly emit: EngineDependencies["emit"];
  /** The client can run gh with other settings. */
  readonly canGoVia?: boolean;
  /** The client cannot print a notice; where there is one, it asks again through the full client. */
  readonly plain?: boolean;
}

/** No command line and no answer of the relay makes it reject. */
export async function answerCall(world: DaemonWorld, options: CallOptions): Promise<CallOutcome> {
  const { counters } = world;
  const began = performance.now();
  const outcome = await decideCall(world, options).catch((error: unknown) => defect(world, error));
  if (outcome.kind === "native") {
    counters.handedOver++;
    const left = await throughHere(world, options, outcome);
    // A call that is sent again with its token is not left to gh yet.
    if (!left.needsToken) (await world.natives.get()).note(options.invocation, left.reason, left.via !== undefined);
    return left;
  }
  counters.answered++;
  counters.commandLatency.add(performance.now() - began);
  return outcome;
}

/**
 * A command that runs the real gh may still share gh's requests. An alias may stand for any command, and a comparison
 * runs gh alone.
 */
async function throughHere(world: DaemonWorld, options: CallOptions, outcome: NativeOutcome): Promise<NativeOutcome> {
  const { invocation, canGoVia = false } = options;
  const alone = outcome.compare !== undefined || outcome.needsToken || outcome.reason === aliasReason;
  if (!canGoVia || alone || world.via === undefined) return outcome;
  try {
    const via = await world.via.directoryFor(invocation);
    return via === undefined ? outcome : { ...outcome, via };
  } catch (error) {
    world.log("via", { error: error instanceof Error && "code" in error ? String(error.code) : "no way" });
    return outcome;
  }
}

/** A defect of Octopool only costs a command its cache. */
function defect(world: DaemonWorld, error: unknown): CallOutcome {
  world.log("defect", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return native("Octopool made a mistake; see `octopool daemon logs`");
}

/**
 * The engine's own answer to a command, whether or not it may be given, and the name under which `POST /proof` takes
 * gh's output; for a comparison by hand.
 *
 * @throws OctopoolError for settings that cannot be used
 */
export async function answerToCompare(
  world: DaemonWorld,
  options: Omit<CallOptions, "emit">,
): Promise<{ readonly outcome: Outcome; readonly id: string | undefined }> {
  const { invocation, signal } = options;
  const prepared = await prepareCall(world, invocation, options.token);
  const { dependencies } = readingOf(world, { ...options, emit: refuseOutputOverTime }, prepared);
  const outcome = world.engine(invocation, { ...dependencies, signal });
  const comparisons = await world.comparisons.get();
  const subject = comparisons.subjectOf(invocation, await world.ghVersions.buildOf(invocation.env));
  return { id: subject && comparisons.begin(subject, outcome), outcome: await outcome };
}

function readingOf(world: DaemonWorld, options: CallOptions, { known, switches, env }: PreparedCall) {
  const troubles: ReadTrouble[] = [];
  const own = world.personal.access(options.invocation.env, options.githubTokens ?? {});
  return { troubles, own, dependencies: dependenciesOf(world, options, { known, env, switches, troubles, own }) };
}

async function decideCall(world: DaemonWorld, options: CallOptions): Promise<CallOutcome> {
  const { invocation } = options;
  let prepared: PreparedCall;
  try {
    prepared = await prepareCall(world, invocation, options.token);
  } catch (error) {
    return unusableSettings(world, options, error);
  }
  const { known, switches } = prepared;
  const { troubles, own, dependencies } = readingOf(world, options, prepared);
  const comparisons = await world.comparisons.get();
  const judgement = comparisons.judge(invocation, await world.ghVersions.buildOf(invocation.env));
  if (judgement.kind === "native") return native(judgement.reason);
  if (judgement.kind === "compare") return compared(world, comparisons, judgement, invocation, dependencies);
  const outcome = await world.engine(invocation, dependencies);
  const trouble = troubles.at(-1);
  if (outcome.kind === "done") {
    const told = trouble && own.used ? noticeOf(world, options, trouble, "your own token was used") : "";
    return told === "" ? outcome : { ...outcome, stderr: `${outcome.stderr}${told}\n` };
  }
  if (trouble && switches.noFallback) return refused(trouble);
  if (own.withheld) return { ...native(outcome.reason), needsToken: true };
  if (known === undefined && own.failed) return notLoggedIn(world, options);
  return native(outcome.reason, trouble ? noticeOf(world, options, trouble, "gh ran as it is") : "");
}

/** gh runs in the caller's place; our answer is made beside it and only compared. */
function compared(
  world: DaemonWorld,
  comparisons: Comparisons,
  judgement: Extract<Judgement, { kind: "compare" }>,
  invocation: Invocation,
  dependencies: EngineDependencies,
): CallOutcome {
  const ours = world.engine(invocation, {
    ...dependencies,
    signal: AbortSignal.timeout(longestComparisonMs),
    emit: refuseOutputOverTime,
  });
  return { ...native(judgement.reason), compare: comparisons.begin(judgement, ours) };
}

const longestComparisonMs = 60_000;

function refuseOutputOverTime(): never {
  throw new NativeRequired("output over time is not compared");
}

function notLoggedIn(world: DaemonWorld, options: CallOptions): CallOutcome {
  const text = "octopool: not logged in, so gh runs as it is. `octopool login` shares reads with your team.";
  return native("not logged in", notice(world, options, "not_logged_in", text));
}

interface Reading extends PreparedCall {
  readonly troubles: ReadTrouble[];
  readonly own: PersonalAccess;
}

function dependenciesOf(world: DaemonWorld, options: CallOptions, reading: Reading): EngineDependencies {
  const { invocation, signal, emit } = options;
  return {
    reader: readerFor(world, reading, signal),
    ...surroundingsOf(world, invocation, signal),
    sleep: async (milliseconds, abort) => delay(milliseconds, undefined, { signal: abort }),
    ...(reading.known && {
      watch: (repository, tags, families) => world.events.watch(reading.known?.id ?? "", repository, tags, families),
    }),
    signal,
    emit,
  };
}

/**
 * The pool, where it knows the answer; else GitHub with the caller's own token.
 */
function readerFor(world: DaemonWorld, reading: Reading, signal: AbortSignal): GitHubReader {
  const { known, env, switches, troubles, own } = reading;
  const ownOr = (reason: NativeRequired, request: ReadRequest) =>
    own.read(request).catch((failure: unknown) => {
      throw failure instanceof NativeRequired ? reason : failure;
    });
  const asker =
    known &&
    world.relays.asker(known, { retries: switches.retries, env, onTrouble: (trouble) => troubles.push(trouble) });
  const { sourceOf, ...unasked } = sourcesOf(world, reading, own);
  return {
    ...unasked,
    listed: async (request) => {
      const found = await unasked.listed(request);
      if (found) world.counters.local++;
      return found;
    },
    recent: async (request) =>
      asker && sourceOf(request).kind === "pool" ? world.reads.recent({ signal, ...request }, asker) : undefined,
    read: async (request) => {
      const bounded = { signal, ...request };
      const source = sourceOf(request);
      if (source.kind === "none") throw new NativeRequired(source.reason);
      if (source.kind === "own" || asker === undefined)
        return request.viewer === undefined || request.host
          ? own.read(bounded)
          : ownOr(new NativeRequired(request.viewer), bounded);
      if (request.graphql) return readQuery(world, asker, bounded, request.graphql.read);
      try {
        const answer = await world.reads.read(bounded, asker);
        if (answer.reduced) throw new NativeRequired(answerWasCut);
        return answer;
      } catch (error) {
        if (!(error instanceof NativeRequired) || switches.noFallback) throw error;
        const repository = repositoryOfPath(request.path);
        if (repository && error.reason === "repo_not_public") world.personal.privates.add(asker.id, repository);
        return ownOr(error, bounded);
      }
    },
  };
}

/** Only the pool answers a query. */
function readQuery(world: DaemonWorld, asker: Asker, request: ReadRequest, query: SharedRead): Promise<ReadAnswer> {
  return world.reads.read(request, asker).catch((error: unknown) => {
    if (error instanceof NativeRequired && lastingReasons.has(error.reason)) {
      world.personal.privates.add(asker.id, queriesOf(query));
    }
    throw error;
  });
}

function native(reason: string, notice = ""): NativeOutcome {
  return { kind: "native", reason, notice };
}

/** With OCTOPOOL_NO_FALLBACK a refusal or an outage is the answer. */
function refused(trouble: ReadTrouble): CallOutcome {
  const why = trouble.kind === "outage" ? trouble.message : `the relay refused: ${trouble.reason} (${trouble.message})`;
  const stderr = `octopool: ${oneLine(why)}\nOCTOPOOL_NO_FALLBACK is set, so the real gh was not run.\n`;
  return { kind: "done", stdout: "", stderr, exitCode: 1 };
}

function notice({ notices }: DaemonWorld, { plain }: CallOptions, kind: NoticeKind, text: string): string {
  return plain === true ? notices.upcoming(kind, text) : notices.due(kind, text);
}

/** @param instead the replacement of the relay's answer */
function noticeOf(world: DaemonWorld, options: CallOptions, trouble: ReadTrouble, instead: string): string {
  if (trouble.kind === "outage") {
    return notice(world, options, "relay_outage", `octopool: ${trouble.message}; ${instead}, on your own rate limit.`);
  }
  if (trouble.code !== "invalid_auth" && trouble.code !== "missing_auth") return "";
  const text = `octopool: the relay no longer knows this login, so ${instead}. Run \`octopool login\` again.`;
  return notice(world, options, "invalid_auth", text);
}

function unusableSettings(world: DaemonWorld, options: CallOptions, error: unknown): CallOutcome {
  if (error instanceof NativeRequired) return native(error.reason);
  const known = error instanceof OctopoolError;
  const text = known
    ? `octopool: ${error.message} ${error.hint ?? ""}`.trim()
    : "octopool: its settings cannot be read.";
  world.log("settings", { error: known ? error.code : String(error) });
  return native(known ? error.code : "unreadable settings", notice(world, options, "settings", text));
}
