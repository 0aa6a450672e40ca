/**
 * Becoming the real gh. Where Node can replace its process, it does: signals, job control, window size, stdin and exit
 * code are then gh's own, and this process is gone. Otherwise, or when a message is to be printed afterwards, gh runs
 * as a child in our place.
 */
import type { ChildProcess, StdioOptions } from "node:child_process";
import { OctopoolError } from "../../shared/errors.ts";
import { hasProgramHeader, isScript } from "../../shared/find-gh.ts";
import { leadsBack, noteScript } from "./loop.ts";

interface HandOver {
  /** Path of the real gh. */
  readonly gh: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called once gh has ended; its presence means that this process must survive. */
  readonly afterwards?: (() => void) | undefined;
  /** Standard input for gh, where this process has read its own. */
  readonly input?: Uint8Array | undefined;
}

/** Signals that are sent to us but meant for gh. */
const forwarded = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH"] as const;
/** Signals that the terminal sends to the whole foreground group: gh has them already, and decides. */
const shared = ["SIGINT", "SIGQUIT"] as const;

/**
 * Runs the real gh; resolves with its exit code (128+n for a signal), unless it replaced this process.
 * @throws OctopoolError `real_gh_not_found` when it cannot be started, or leads back to us.
 */
export async function handOver(request: HandOver): Promise<number> {
  const env = environmentFor(request);
  const { execve } = process;
  const descriptors = namedDescriptors(request.args);
  if (
    execve &&
    !request.afterwards &&
    request.input === undefined &&
    descriptors.length === 0 &&
    hasProgramHeader(request.gh)
  ) {
    execve.call(process, request.gh, ["gh", ...request.args], env);
  }
  const code = await runChild(request, env, descriptors);
  request.afterwards?.();
  return code;
}

/** Unchanged for a program. A script may call `gh` again and so find us: a variable records that we ran it. */
function environmentFor({ gh, env }: HandOver): NodeJS.ProcessEnv {
  if (!isScript(gh)) return { ...env };
  if (leadsBack(gh, env, process.pid)) {
    throw new OctopoolError("real_gh_not_found", `${gh} is a script that leads back to Octopool, not the real gh.`, {
      hint: "Set OCTOPOOL_GH_PATH to the real gh.",
    });
  }
  return noteScript(gh, env, process.pid);
}

/** `/dev/fd/63`, as shells write `<(…)`: Node closes it for the program that replaces Node, but not for a child. */
function namedDescriptors(args: readonly string[]): readonly number[] {
  const named = args.flatMap((arg) => [...arg.matchAll(/\/(?:dev|proc\/self)\/fd\/(\d{1,4})\b/g)]);
  return named.map((match) => Number(match[1])).filter((descriptor) => descriptor > 2);
}

async function runChild(
  { gh, args, input }: HandOver,
  env: NodeJS.ProcessEnv,
  descriptors: readonly number[],
): Promise<number> {
  const [{ spawn }, { constants }] = await Promise.all([import("node:child_process"), import("node:os")]);
  const stdio: StdioOptions = Array.from({ length: Math.max(2, ...descriptors) + 1 }, (_, descriptor) =>
    descriptor <= 2 ? "inherit" : descriptors.includes(descriptor) ? descriptor : "ignore",
  );
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    // Before the child is started: a signal meant for it may reach us as soon as it is visible.
    forwardSignals((signal) => child?.kill(signal));
    if (input !== undefined) stdio[0] = "pipe";
    child = spawn(gh, args, { stdio, env, argv0: "gh" });
    // gh may end without having read it.
    child.stdin?.once("error", () => undefined).end(input);
    child.once("error", (cause) =>
      reject(new OctopoolError("real_gh_not_found", `${gh} could not be started: ${cause.message}.`, { cause })),
    );
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function forwardSignals(send: (signal: NodeJS.Signals) => void): void {
  for (const signal of shared) process.on(signal, () => undefined);
  for (const signal of forwarded) process.on(signal, () => send(signal));
  process.on("SIGTSTP", () => {
    send("SIGTSTP");
    process.kill(process.pid, "SIGSTOP");
  });
  process.on("SIGCONT", () => send("SIGCONT"));
}
