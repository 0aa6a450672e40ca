/** How a failure ends a command: one text, one exit code, both from the table of shared/errors.ts. */
import { OctopoolError } from "../shared/errors.ts";
import { messageOf } from "../shared/message-of.ts";
import { type Output, OutputClosed } from "./io.ts";
import { humanText } from "./output/text.ts";

/** Prints the failure and its remedy, and returns the exit code. */
export async function reportFailure(error: unknown, stderr: Output): Promise<number> {
  if (error instanceof OutputClosed) return 0;
  const failure = asOctopoolError(error);
  const { style } = stderr;
  const lines = [`${style.bad("octopool:")} ${humanText(failure.message)}`];
  if (failure.hint !== undefined) lines.push(`  ${style.dim("→")} ${humanText(failure.hint)}`);
  const requestId = failure.details?.request_id;
  if (typeof requestId === "string") lines.push(style.dim(`  ${failure.code}, request ${humanText(requestId)}`));
  await stderr.write(`${lines.join("\n")}\n`).catch(() => {});
  return failure.exitCode;
}

/** Any other error is a defect, and is reported as one without its details. */
export function asOctopoolError(error: unknown): OctopoolError {
  if (error instanceof OctopoolError) return error;
  const message = messageOf(error);
  return new OctopoolError("internal_error", `Something went wrong inside octopool: ${message}`, {
    hint: "Run `octopool doctor`; if it finds nothing, please report this with the command you ran.",
    cause: error,
  });
}

/** A group of commands was named without one of them. */
export function missingSubcommand(group: string): OctopoolError {
  return new OctopoolError("usage", `Which command of \`octopool ${group}\`?`, {
    hint: `See \`octopool ${group} --help\`.`,
  });
}
