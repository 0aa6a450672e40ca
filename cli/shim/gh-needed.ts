/** The error for a missing real gh, with the reason why it was needed. */
import { OctopoolError } from "../../shared/errors.ts";
import { whyNative } from "../words/why-native.ts";

/** The facts about a command that only the real gh can run. */
interface Needed {
  readonly args: readonly string[];
  readonly write?: boolean | undefined;
  /** Undefined where the command's words alone decided. */
  readonly reason?: string | undefined;
}

/** The same error with the reason in front; a reason may come from elsewhere, so it stays on one line. */
export async function ghNeeded(
  missing: OctopoolError,
  { args, write = false, reason }: Needed,
): Promise<OctopoolError> {
  const why = reason === undefined ? await byItsWords(args, write) : whyNative(reason).text;
  const oneLine = why
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim()
    .replace(/\.$/, "");
  return new OctopoolError(
    missing.code,
    `Octopool does not answer this: ${oneLine}${oneLine.endsWith("?") ? "" : "."} Your own gh would run it, but none was found on PATH.`,
    { hint: missing.hint ?? "", cause: missing },
  );
}

/** The words of all of gh's commands are needed here alone. */
async function byItsWords(args: readonly string[], write: boolean): Promise<string> {
  const { whyNotAsked } = await import("../words/why-not-asked.ts");
  return whyNotAsked(args, write);
}

/** The line that OCTOPOOL_VERBOSE prints before the real gh runs. */
export function reasonLine(reason: string): string {
  const { text, code } = whyNative(reason);
  return `octopool: running the real gh: ${text}${code === undefined ? "" : ` (${code})`}`;
}
