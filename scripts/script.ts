/**
 * The common behaviour of scripts at their edges: a wrong argument, a taken port, a pipe that its reader has closed,
 * and how a failure is told. One sentence each, and no stack trace; `OCTOPOOL_VERBOSE=1` shows where it came from.
 */
import * as z from "zod";

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Runs a script and sets the process's exit code: `main`'s result, 2 for a wrong argument, 1 for any other failure.
 * @param name how the script is called in its messages
 */
export async function runScript(
  name: string,
  main: () => number | undefined | Promise<number | undefined>,
): Promise<void> {
  outliveClosedPipes(name);
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.exitCode = fail(name, error);
  }
}

/**
 * Arguments that are read before anything runs.
 * @returns the result of `parse`; a failure ends the process with 2
 */
export function readArguments<Parsed>(name: string, parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    process.exit(fail(name, error));
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** @throws UsageError that names the option, its bounds and the given value */
export function wholeNumber(text: string, what: string, { min, max }: Bounds): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${what} must be a whole number from ${min} to ${max}, not "${text}".`);
}

/** A TCP port to listen on; 0 for any that is free. @throws UsageError */
export function portNumber(text: string, what: string): number {
  return wholeNumber(text, what, { min: 0, max: 65_535 });
}

/**
 * A script goes on when its reader has gone, as `| head` does: work in progress is finished and cleaned up. A disk
 * without space is a failure.
 */
function outliveClosedPipes(name: string): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = fail(name, error);
  });
  process.stderr.on("error", () => undefined);
}

function fail(name: string, error: unknown): number {
  const { exitCode, sentence } = tellFailure(name, error);
  process.stderr.write(sentence);
  if (process.env.OCTOPOOL_VERBOSE === "1" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCode;
}

/** How a script ends with this error, and its message on standard error. */
export function tellFailure(name: string, error: unknown): { readonly exitCode: number; readonly sentence: string } {
  return { exitCode: isUsage(error) ? 2 : 1, sentence: `${name}: ${explain(error)}\n` };
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const problems = error.issues.map(({ path, message }) => `${path.join(".") || "the input"}: ${message}`);
    return `this cannot be used: ${problems.join("; ")}`;
  }
  if (!(error instanceof Error)) return String(error);
  if (codeOf(error) === "ENOENT" && "path" in error) return `there is no file ${String(error.path)}`;
  if (isPortTaken(error)) return "the port is taken by another program; choose another one";
  const cause = error.cause instanceof Error ? error.cause.message : "";
  // Of fetch only the cause says anything.
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

/** Node's own code for it, and workerd's words. */
export function isPortTaken(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE" || /ERR_ADDRESS_IN_USE|Address already in use/i.test(String(error));
}

function isUsage(error: unknown): boolean {
  return error instanceof UsageError || codeOf(error).startsWith("ERR_PARSE_ARGS");
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
