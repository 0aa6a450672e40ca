/** The engine inside the calling process, for machines where no daemon may run. */

import { sentVariables } from "../shared/protocol.ts";
import { sharedMarksDirectory } from "../shared/runtime-directory.ts";
import { withPreferences } from "../shared/settings/preferences.ts";
import { answerCall, type CallOutcome } from "./answer-call.ts";
import { createWorld } from "./world.ts";

interface EmbeddedCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly columns: number | undefined;
  readonly stdin?: string;
  /** The runtime directory, which may not exist. */
  readonly directory: string;
}

/** The possible results of a call to the daemon when none runs. */
type EmbeddedResult =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "native"; readonly reason: string; readonly notice: string };

type Print = (stream: "stdout" | "stderr", chunk: Uint8Array) => void;

export async function runEmbedded(call: EmbeddedCall, print: Print): Promise<EmbeddedResult> {
  const { args, cwd, tty, columns, stdin, directory } = call;
  const sharedMarks = sharedMarksDirectory({ env: call.env, uid: process.getuid?.() ?? 0 });
  const world = createWorld({
    env: call.env,
    directory,
    sharedMarks,
    now: Date.now,
    log: () => undefined,
    brief: true,
  });
  const outcome = await answerCall(world, {
    invocation: {
      args,
      cwd,
      env: withPreferences(Object.fromEntries(sentVariables(call.env))),
      tty,
      ...(columns !== undefined && { columns }),
      ...(stdin !== undefined && { stdin }),
    },
    token: call.env.OCTOPOOL_TOKEN,
    githubTokens: call.env,
    signal: new AbortController().signal,
    emit: (stream, chunk) => print(stream, Buffer.from(chunk)),
  });
  await world.relays.close();
  await world.personal.close();
  return finish(outcome, print);
}

function finish(outcome: CallOutcome, print: Print): EmbeddedResult {
  if (outcome.kind === "native") return outcome;
  print("stdout", Buffer.from(outcome.stdout));
  print("stderr", Buffer.from(outcome.stderr));
  return { kind: "exit", code: outcome.exitCode };
}
