/** `-q`: the jq that gh has, over the output of `--json`; loaded by that option alone. */
import { runJq as evaluate, stopJq } from "../../daemon/jq.ts";
import { OctopoolError } from "../../shared/errors.ts";

/**
 * The results of a program, one a line; text without quotes, as in gh.
 * @throws OctopoolError `usage` with jq's own message
 */
export async function runJq(program: string, value: unknown): Promise<string> {
  const result = await evaluate(program, JSON.stringify(value));
  await stopJq();
  if (result.kind === "ok") return result.output;
  const reason = result.reason.replace(/\.$/, "");
  const why = reason.endsWith("is not understood") ? "it is no jq program" : reason;
  throw new OctopoolError("usage", `The jq expression cannot be used: ${why}.`, {
    hint: "It is written as for `gh --jq`: https://jqlang.org/manual",
  });
}
