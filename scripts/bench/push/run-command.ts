/** One gh command on one of the machines, by its daemon's own way. */
import { answerCall } from "../../../daemon/answer-call.ts";
import type { Machines } from "../team/machines.ts";

/** @throws Error when the command was left to gh, or failed */
export async function ask(
  { machines, directory }: { readonly machines: Machines; readonly directory: string },
  machine: string,
  args: readonly string[],
): Promise<string> {
  const outcome = await answerCall(machines.of(machine), {
    invocation: { args, cwd: directory, env: {}, tty: { stdin: false, stdout: false, stderr: false } },
    signal: new AbortController().signal,
    emit: () => undefined,
  });
  if (outcome.kind === "native") throw new Error(`gh ${args.join(" ")} was left to gh: ${outcome.reason}`);
  if (outcome.exitCode !== 0) throw new Error(`gh ${args.join(" ")} ended with ${outcome.exitCode}: ${outcome.stderr}`);
  return typeof outcome.stdout === "string" ? outcome.stdout : new TextDecoder().decode(outcome.stdout);
}
