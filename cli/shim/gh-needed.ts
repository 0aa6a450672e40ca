/** No real gh, told with the reason why it was needed. */
import { OctopoolError } from "../../shared/errors.ts";
import { whyNative } from "../words/why-native.ts";

/** The same error with the reason in front; a reason may come from elsewhere, so it stays on one line. */
export function ghNeeded(
  missing: OctopoolError,
  { write = false, reason }: { readonly write?: boolean | undefined; readonly reason?: string | undefined },
): OctopoolError {
  const why = reason === undefined ? whyOf(write) : whyNative(reason).text;
  const oneLine = why
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim()
    .replace(/\.$/, "");
  return new OctopoolError(
    missing.code,
    `Octopool does not answer this: ${oneLine}. Your own gh would run it, but none was found on PATH.`,
    { hint: missing.hint ?? "", cause: missing },
  );
}

/** What OCTOPOOL_VERBOSE says before the real gh runs. */
export function reasonLine(reason: string): string {
  const { text, code } = whyNative(reason);
  return `octopool: running the real gh: ${text}${code === undefined ? "" : ` (${code})`}`;
}

function whyOf(write: boolean): string {
  return write ? "it may change something on GitHub" : "it is a command of gh alone";
}
