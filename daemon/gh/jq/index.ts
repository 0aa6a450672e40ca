/**
 * `--jq` as gh 2.46 evaluates it. gh embeds gojq; this runs jq, on expressions that both are known to read alike, and
 * prints the results gh's way. Everything else, and everything that would end in an error, is native.
 */

import { JqHost } from "./host.ts";
import { sortedJson } from "./input.ts";
import { parseSteps, walkSteps } from "./paths.ts";
import { Inexact, type PrintStyle, printResult } from "./print.ts";
import { plan } from "./scan.ts";
import { tokenize } from "./tokens.ts";

export type JqResult =
  | { readonly kind: "ok"; readonly output: string }
  | { readonly kind: "native"; readonly reason: string }
  | { readonly kind: "error"; readonly message: string };

const sharedHost = new JqHost();
const plain: PrintStyle = { indent: "", color: false };

/** Longer than anybody's, and read in milliseconds. */
const longestExpression = 2 ** 14;

/** Evaluates an expression on one JSON text. Every result ends its line; no result is no output. */
export async function runJq(
  expression: string,
  inputJson: string,
  style: PrintStyle = plain,
  host: JqHost = sharedHost,
): Promise<JqResult> {
  if (expression.length > longestExpression) return { kind: "native", reason: "a long jq expression" };
  try {
    const input: unknown = JSON.parse(inputJson);
    const results = await evaluate(expression, input, host);
    if (typeof results === "string") return { kind: "native", reason: results };
    return { kind: "ok", output: results.map((result) => printResult(result, style)).join("") };
  } catch (error) {
    if (error instanceof Inexact || error instanceof SyntaxError) return { kind: "native", reason: error.message };
    throw error;
  }
}

/** The results in order, or why only the real gh can tell. */
async function evaluate(expression: string, input: unknown, host: JqHost): Promise<readonly unknown[] | string> {
  const tokens = tokenize(expression);
  if (!tokens) return "the jq expression is not understood";
  const steps = parseSteps(tokens);
  if (steps) return walkSteps(input, steps) ?? "the jq expression ends in an error";
  const planned = plan(tokens);
  if (planned.kind === "native") return planned.reason;
  const json = sortedJson(input);
  if (planned.ascii && !/^[\0-\x7f]*$/.test(json + expression)) return "jq and gh differ outside ASCII";
  if (planned.noFinalNewline && (json.includes('\\n"') || expression.includes("\\n"))) {
    return "jq and gh differ on $ before a last newline";
  }
  const run = await host.run(planned.program, json);
  if ("failure" in run) return run.failure;
  if (run.lines.includes("\ufffd")) return "jq met text that is not Unicode";
  return run.lines === "" ? [] : run.lines.split("\n").map((line): unknown => JSON.parse(line));
}

/** Ends the thread that jq runs in, if it was started. */
export function stopJq(): Promise<void> {
  return sharedHost.close();
}
