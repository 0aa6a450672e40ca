/** One program on one JSON text. */
import { evaluateProgram, type Limits, TooMuchWork } from "./evaluate.ts";
import { undefinedName } from "./names.ts";
import { parseProgram } from "./parse.ts";
import { fromJson, Inexact, JqError, toPlain } from "./values.ts";

/**
 * The outcome of a program: its results, or the reason why there are none. `tooMuch`: it may end where more work is
 * allowed.
 */
export type JqRun = { readonly results: readonly unknown[] } | { readonly failure: string; readonly tooMuch?: boolean };

/** No program makes it throw. */
export function runProgram(program: string, json: string, limits: Limits): JqRun {
  const parsed = parseProgram(program);
  if (!parsed) return { failure: "the jq expression is not understood" };
  const unknown = undefinedName(parsed);
  if (unknown !== undefined) return { failure: `the jq expression names ${unknown}, which gh may not know` };
  try {
    return { results: evaluateProgram(parsed, fromJson(JSON.parse(json)), limits).map(toPlain) };
  } catch (error) {
    if (error instanceof TooMuchWork) return { failure: error.message, tooMuch: true };
    if (error instanceof Inexact || error instanceof JqError) return { failure: error.message };
    // A program may exhaust the engine's stack, or its longest text.
    if (error instanceof RangeError) return { failure: "the jq expression goes too deep" };
    if (error instanceof SyntaxError) return { failure: "the input is not JSON" };
    throw error;
  }
}
