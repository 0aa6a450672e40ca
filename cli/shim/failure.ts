/** The error message for a command that cannot be handed over. */
import { OctopoolError } from "../../shared/errors.ts";

/** Prints the error and its remedy; returns the exit code of the error table. */
export function reportFailure(error: unknown): number {
  if (!(error instanceof OctopoolError)) {
    process.stderr.write(`octopool: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
  process.stderr.write(`octopool: ${error.message}\n${error.hint ? `${error.hint}\n` : ""}`);
  return error.exitCode;
}
