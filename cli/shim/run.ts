/**
 * `gh …`, from the decision to the exit code. Modules that a warm read does not need are imported where they are used,
 * so that they are evaluated only then. The real gh runs after any failure before the first byte is printed.
 */
import { aliasReason } from "../../shared/protocol.ts";
import type { CallResult } from "./call.ts";
import { asksStandardInput, decide, isWatch } from "./decide.ts";
import type { Native } from "./native.ts";
import { PrintedOutput, printLine } from "./print.ts";
import type { ShimProcess } from "./process.ts";
import { workingDirectory } from "./surroundings.ts";
import { surroundingsOf as decisionSurroundings } from "./surroundings-of-decision.ts";
import { isOn } from "./switch.ts";
import { tellShell } from "./tell-shell.ts";

/** Runs one command and resolves with its exit code; the real gh may replace this process before. Never rejects. */
export function runShim(shim: ShimProcess): Promise<number> {
  const output = new PrintedOutput({ asItComes: isWatch(shim.args), beforeFirst: () => tellShell(shim, "printed") });
  const once = onlyOnce(shim);
  return new Promise((resolve) => {
    const rescue = (error: unknown) => {
      rescued(shim, output, once, error)
        .catch((last: unknown) => failed(shim, last))
        .then(resolve, () => resolve(1));
    };
    // Thrown by an event's handler, it would end this process and the command with it.
    process.on("uncaughtException", rescue);
    run(shim, output, once).then(resolve, rescue);
  });
}

/** The real gh runs once, even when the failure repeats while it is looked for. */
function onlyOnce(shim: ShimProcess) {
  const state: { begun: boolean; input?: Uint8Array } = { begun: false };
  const native = async (how: Native): Promise<number> => {
    if (state.begun) return new Promise(() => undefined);
    state.begun = true;
    const loaded = await loadNative(shim);
    // Without a message from here the sh script runs gh by itself.
    if (loaded === undefined) return 1;
    return loaded.runNative(shim, state.input === undefined ? how : { ...how, input: state.input });
  };
  return { state, native };
}

type Once = ReturnType<typeof onlyOnce>;

/** Undefined where its file cannot be read, as while Octopool is being replaced, and a sh script can do without it. */
async function loadNative({ caller }: ShimProcess): Promise<typeof import("./native.ts") | undefined> {
  try {
    return await import("./native.ts");
  } catch (error) {
    if (caller?.kind === "ask") return undefined;
    throw error;
  }
}

async function run(shim: ShimProcess, output: PrintedOutput, { native, state }: Once): Promise<number> {
  if (shim.caller?.kind === "after") return native({ write: false, notice: shim.caller.notice });
  const named = asksStandardInput(shim.args);
  if (named) await takePipe(state);
  const piped = state.input === undefined ? undefined : Buffer.from(state.input).toString();
  const looked = decisionSurroundings(shim.env, workingDirectory(), piped);
  const decision = decide(shim.args, looked);
  if (shim.nodeTooOld !== undefined) {
    printLine(shim.nodeTooOld);
    if (decision.kind === "native") return native({ write: decision.write });
    return native({ write: false, reason: "it needs a newer Node" });
  }
  if (decision.kind === "native") return native({ write: decision.write });
  const { surroundingsOf } = await import("./surroundings.ts");
  const { ask } = await import("./ask.ts");
  const surroundings = await surroundingsOf(shim.args, shim.env);
  const stdin = named ? (await import("./piped-input.ts")).sendable(looked.text("-")) : {};
  const result = await ask(shim, { ...surroundings, ...stdin }, output);
  if (result.kind === "exit") {
    output.finish();
    tellShell(shim, "printed");
    return result.code;
  }
  if (output.printed) {
    printLine("octopool: the daemon ended in the middle of its answer; run the command again.");
    return 1;
  }
  output.drop();
  if (result.kind !== "native") return native({ write: false, reason: reasonOf(result) });
  // An alias may stand for a write.
  const write = result.reason === aliasReason ? ("anything" as const) : false;
  return native({ write, reason: result.reason, notice: result.notice, compare: result.compare, via: result.via });
}

/** A pipe can be read only once: its text is kept until gh, or the daemon, has answered. */
async function takePipe(state: Once["state"]): Promise<void> {
  const { readPipe } = await import("./piped-input.ts");
  const input = await readPipe();
  if (input !== undefined) state.input = input;
}

function reasonOf(result: Exclude<CallResult, { kind: "exit" | "native" }>): string {
  if (result.kind === "refused") return `the daemon refused (${result.status}): ${result.message.trim()}`;
  if (result.kind === "absent") return "no daemon runs";
  if (result.kind === "denied") return `the daemon's socket cannot be used (${result.code})`;
  return result.kind === "silent" ? "the daemon does not answer" : "the daemon ended during this command";
}

/** An unexpected failure must not affect the user: the real gh runs, unless output is printed already. */
async function rescued(shim: ShimProcess, output: PrintedOutput, once: Once, error: unknown): Promise<number> {
  if (once.state.begun || output.printed) return failed(shim, error);
  output.drop();
  if (isOn(shim.env.OCTOPOOL_VERBOSE)) printLine(`octopool: ${error instanceof Error ? error.stack : String(error)}`);
  const decision = decideIfPossible(shim.args);
  const write = decision === undefined || (decision.kind === "native" && decision.write);
  return once.native({ write: write && "anything", reason: "something went wrong inside Octopool" });
}

function decideIfPossible(args: readonly string[]) {
  try {
    return decide(args);
  } catch {
    return undefined;
  }
}

async function failed(shim: ShimProcess, error: unknown): Promise<number> {
  const { reportFailure } = await import("./failure.ts");
  const code = reportFailure(error);
  tellShell(shim, "printed");
  return code;
}
