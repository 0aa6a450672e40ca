/** `-q`: the jq that gh has, on what `--json` would print; loaded by that option alone. */
import { runJq as evaluate, stopJq } from "../../daemon/jq.ts";
import { OctopoolError } from "../../shared/errors.ts";

/**
 * The results of a program, one a line; text without quotes, as in gh.
 * @throws OctopoolError `usage` with jq's own words
 */
export async function runJq(program: string, value: unknown): Promise<string> {
  const result = await evaluate(program, JSON.stringify(value));
  await stopJq();
  if (result.kind === "ok") return result.output;
  throw new OctopoolError("usage", `The jq expression cannot be used: ${result.reason.replace(/\.$/, "")}.`, {
    hint: "https://jqlang.org/manual",
  });
}
