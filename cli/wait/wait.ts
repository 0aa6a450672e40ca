/** `octopool wait`: looks until a condition is true. Events wake it where the relay sends them; otherwise it polls. */
import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { changedPath } from "../../shared/protocol.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { ask, placeOf } from "../daemon-socket.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output/json.ts";
import { selfCommand } from "../self.ts";
import { type Condition, type Looked, pullConditions, runCondition, type WaitVerdict } from "./conditions.ts";

/** The result of the command. */
const waitExits = { yes: 0, no: 1, timeout: 8 } as const;

/** When polling, in seconds: a shared pool is not polled faster, and each look doubles the wait. */
const fastest = 30;
const slowest = 120;
const defaultTimeout = 3600;
/** A look that fails is tried again so often before the command gives up. */
const mostFailures = 3;

interface Wait {
  readonly condition: Condition;
  /** Number of a pull request, or id of a run. */
  readonly subject: string;
  readonly repository: string;
  readonly timeoutSeconds: number;
}

interface Ended {
  readonly outcome: "yes" | "no" | "timeout";
  readonly looks: number;
}

/** Clock, events and commands that waiting depends on. */
export interface WaitTools {
  readonly now: () => number;
  /** One gh command; `fresh` asks GitHub. */
  readonly look: (args: readonly string[], fresh: boolean) => Promise<Looked>;
  /** Waits for a change, or for the given seconds where no event comes; returns whether one came. */
  readonly pause: (wait: Wait, bounds: { readonly seconds: number; readonly most: number }) => Promise<boolean>;
}

/** @throws OctopoolError when gh cannot answer, with its message */
export async function waitFor(wait: Wait, { now, look, pause }: WaitTools): Promise<Ended> {
  const { condition, subject, repository, timeoutSeconds } = wait;
  const args = condition.look(subject, repository);
  const until = now() + timeoutSeconds * 1000;
  let first: Looked | undefined;
  // Start listening before gh reads, so that no change is missed meanwhile.
  await pause(wait, { seconds: 0, most: 0 });
  let failures = 0;
  let fresh = true;
  for (let looks = 1, seconds = fastest; ; looks += 1, seconds = Math.min(slowest, seconds * 2)) {
    const looked = await look(args, fresh || condition.live === true);
    let verdict: WaitVerdict = condition.judge(looked, first ?? looked);
    // A cached "ended" may be out of date: the end is only believed when GitHub says so.
    if (!fresh && !condition.live && (verdict === "yes" || verdict === "no"))
      verdict = condition.judge(await look(args, true), first ?? looked);
    if (verdict === "yes" || verdict === "no") return { outcome: verdict, looks };
    failures = verdict === "unknown" ? failures + 1 : 0;
    if (failures >= mostFailures || (failures > 0 && looks === 1)) throw untold(looked);
    if (verdict === "pending") first ??= looked;
    const left = (until - now()) / 1000;
    if (left <= 0) return { outcome: "timeout", looks };
    // After an event the caches know how new an answer must be; when polling, GitHub itself is asked.
    const heard = await pause(wait, { seconds: Math.min(seconds, left), most: left });
    fresh = !heard;
    if (heard) seconds = fastest / 2;
  }
}

function untold({ stderr, exitCode }: Looked): OctopoolError {
  const [line = ""] = stderr.trim().split("\n");
  return new OctopoolError("not_found", `gh could not answer: ${line || `it ended with ${exitCode}`}.`, {
    hint: "Check the number, and -R OWNER/REPO.",
  });
}

export async function waitForPull(context: CommandContext): Promise<number> {
  const { input } = context;
  const wanted = input.text("for") ?? "checks";
  const condition = Object.hasOwn(pullConditions, wanted)
    ? pullConditions[wanted as keyof typeof pullConditions]
    : undefined;
  if (!condition)
    throw new OctopoolError("usage", `--for ${wanted} is not one of ${Object.keys(pullConditions).join(", ")}.`);
  return run(context, condition, wanted);
}

export function waitForRun(context: CommandContext): Promise<number> {
  return run(context, runCondition, "completed");
}

async function run({ io, input }: CommandContext, condition: Condition, wanted: string): Promise<number> {
  const subject = input.argument(0) ?? "";
  if (!/^\d+$/.test(subject)) throw new OctopoolError("usage", `${JSON.stringify(subject)} is not a number.`);
  const timeoutSeconds = secondsOf(input.text("timeout"));
  const look = looker(io);
  const repository = await repositoryOf(input, look);
  const tools = { now: io.now, look, pause: pauser(io) };
  const ended = await waitFor({ condition, subject, repository, timeoutSeconds }, tools);
  if (input.flag("json")) {
    await printJson(io.stdout, { repository, subject: Number(subject), for: wanted, ...ended });
  } else if (ended.outcome === "timeout") {
    await io.stderr.write(`octopool: not in ${timeoutSeconds} seconds; waiting again is safe.\n`);
  } else await io.stdout.write(`${condition.said[ended.outcome]}\n`);
  return waitExits[ended.outcome];
}

/** Seconds, or `90s`, `15m`, `2h`. */
function secondsOf(text: string | undefined): number {
  if (text === undefined) return defaultTimeout;
  const [, count = "", unit = "s"] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  if (count === "") throw new OctopoolError("usage", `--timeout ${text} is not a time such as 90s, 15m or 2h.`);
  return Number(count) * ({ s: 1, m: 60, h: 3600 }[unit || "s"] ?? 1);
}

async function repositoryOf(input: CommandInput, look: WaitTools["look"]): Promise<string> {
  const named = input.text("repo");
  if (named !== undefined) {
    const found = /^(?:https:\/\/github\.com\/)?([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(named)?.[1];
    if (found) return found;
    throw new OctopoolError("usage", `-R ${named} is not OWNER/REPO.`);
  }
  const looked = await look(["repo", "view", "--json", "nameWithOwner", "--jq", ".nameWithOwner"], false);
  const found = looked.stdout.trim();
  if (looked.exitCode === 0 && found !== "") return found;
  throw new OctopoolError("usage", "Which repository?", { hint: "Name it: -R OWNER/REPO." });
}

/** This very octopool, as gh: through the pool where it can answer, else the real gh. */
function looker(io: Io): WaitTools["look"] {
  const [program, ...first] = selfCommand();
  return (args, fresh) =>
    new Promise((resolve, reject) => {
      const env = { ...io.processEnv, ...(fresh && { OCTOPOOL_FRESH: "1" }), OCTOPOOL_QUIET_CACHE: "1" };
      const options = { cwd: io.cwd, env, signal: io.signal, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(program, [...first, "gh", ...args], options, (error, stdout, stderr) => {
        if (io.signal.aborted) return reject(new OctopoolError("cancelled", "Waiting was cancelled."));
        if (error && typeof error.code !== "number") return reject(error);
        resolve({ exitCode: child.exitCode ?? 1, stdout, stderr });
      });
      child.stdin?.end();
    });
}

const changedSchema = z.object({ changed: z.boolean(), at: z.number() });

/** The daemon waits for an event; without a daemon, or with an older one, this process sleeps. */
function pauser(io: Io): WaitTools["pause"] {
  let since: number | undefined;
  return async ({ condition, subject, repository }, { seconds, most }) => {
    const began = io.now();
    const form = new URLSearchParams({ repo: repository, seconds: String(seconds), most: String(Math.min(600, most)) });
    if (since !== undefined) form.set("since", String(since));
    for (const tag of condition.tags(subject)) form.append("tag", tag);
    for (const family of condition.families) form.append("family", family);
    // Where events arrive the daemon waits for longer than when polling.
    const options = { body: form.toString(), patienceMs: (Math.min(600, most) + 10) * 1000 };
    const answer = await ask(placeOf(io.env), "POST", changedPath, options).catch(() => undefined);
    const changed = answer?.status === 200 ? changedSchema.safeParse(parseJson(answer.body)).data : undefined;
    if (io.signal.aborted) throw new OctopoolError("cancelled", "Waiting was cancelled.");
    if (changed) {
      since = changed.at;
      return changed.changed;
    }
    const left = seconds * 1000 - (io.now() - began);
    if (left > 0) {
      await delay(left, undefined, { signal: io.signal }).catch(() => {
        throw new OctopoolError("cancelled", "Waiting was cancelled.");
      });
    }
    return false;
  };
}
