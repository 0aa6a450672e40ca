/**
 * `--jq` as gh evaluates it: gh embeds gojq, and this computes gojq's results. Where that is not certain, and where an
 * expression ends in an error, the real gh answers.
 */

import { JqHost } from "./host.ts";
import { type PrintStyle, printResult } from "./print.ts";
import { runProgram } from "./run.ts";
import { Inexact } from "./values.ts";

type JqResult = { readonly kind: "ok"; readonly output: string } | { readonly kind: "native"; readonly reason: string };

const sharedHost = new JqHost();

/** Longer than any real program, and parsed in milliseconds. */
const longestExpression = 2 ** 14;
const plain: PrintStyle = { indent: "", color: false };

/** Programs that take no more are run where they are asked for, some milliseconds at most. */
const stepsHere = 20_000;
const bytesHere = 1_000_000;

/** Evaluates an expression on one JSON text. Every result ends its line; no result is no output. */
export async function runJq(
  expression: string,
  inputJson: string,
  style: PrintStyle = plain,
  now = Date.now(),
): Promise<JqResult> {
  if (expression.length > longestExpression) return { kind: "native", reason: "a long jq expression" };
  const run = await evaluate(expression, inputJson, now / 1000);
  if ("failure" in run) return { kind: "native", reason: run.failure };
  try {
    return { kind: "ok", output: run.results.map((result) => printResult(result, style)).join("") };
  } catch (error) {
    if (error instanceof Inexact) return { kind: "native", reason: error.message };
    throw error;
  }
}

async function evaluate(expression: string, json: string, now: number) {
  // A regular expression may take unlimited time in one step.
  const short = json.length <= bytesHere && !/\b(?:test|match|capture|scan|splits?|g?sub)\b/.test(expression);
  const here = short ? runProgram(expression, json, { steps: stepsHere, now }) : undefined;
  return here && !("failure" in here && here.tooMuch) ? here : sharedHost.run(expression, json, now);
}

/** Ends the thread that long programs run in, if it was started. */
export function stopJq(): Promise<void> {
  return sharedHost.close();
}
