/** Asks once more before an action that cannot be undone. */
import { createInterface } from "node:readline/promises";
import { OctopoolError } from "../../shared/errors.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";

/**
 * Checks, before anything is sent, that a person can be asked or that `--yes` was given.
 * @returns a function that asks the question, unless `--yes` was given
 * @throws OctopoolError `usage` where there is no terminal to ask at
 */
export function confirmation({ io, input }: CommandContext): (question: string) => Promise<void> {
  if (input.flag("yes")) return () => Promise.resolve();
  if (io.stdinIsTerminal && io.stderr.isTerminal) return (question) => confirm(io, question);
  throw new OctopoolError("usage", "This cannot be undone, and there is no terminal to ask at.", {
    hint: "Add --yes if it is meant.",
  });
}

/** @throws OctopoolError `cancelled` for everything but a yes */
export async function confirm(
  io: {
    readonly stdin: NodeJS.ReadableStream;
    readonly stderr: Pick<Io["stderr"], "write">;
    readonly signal: AbortSignal;
  },
  question: string,
): Promise<void> {
  const closed = new AbortController();
  // Without an output of its own: the terminal itself shows the typed text.
  const lines = createInterface({ input: io.stdin });
  lines.on("close", () => closed.abort());
  const signal = AbortSignal.any([closed.signal, io.signal]);
  try {
    // The listener is added first: text that is typed before the question appears must not be lost.
    const [answer] = await Promise.all([lines.question("", { signal }), io.stderr.write(`${question} [y/N] `)]);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch {
    await io.stderr.write("\n");
  } finally {
    lines.close();
  }
  throw new OctopoolError("cancelled", "Cancelled: nothing was changed.");
}
