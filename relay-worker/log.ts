/** Writes failures to the operator's log, without the values of statements, which may name people. */

/** One line: the attempted work and the reason of its failure. */
export function logTrouble(what: string, error: unknown): void {
  console.error(`relay: ${what}:`, reasonOf(error));
}

/** For an uncaught error: with its stack. */
export function logUnexpected(error: unknown): void {
  console.error(["relay: unexpected:", reasonOf(error), ...framesOf(error)].join("\n"));
}

/** The database's own message is in the cause; the error around it repeats the statement with its values. */
function reasonOf(error: unknown): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(root instanceof Error)) return "unknown";
  // These errors quote the text that they could not parse.
  if (root instanceof SyntaxError) return root.name;
  const message = root.message.replace(/\s*\bparams:[\s\S]*$/, "");
  return root.name === "Error" ? message : `${root.name}: ${message}`;
}

const framesOf = (error: unknown): string[] =>
  error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];

/** Logs a failure after GitHub has answered: the caller still gets the answer. */
export async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    logTrouble("work after an answer failed", error);
  }
}
