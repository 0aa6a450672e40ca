/** One program on one JSON text. */
import { evaluateProgram, type Limits, TooMuchWork } from "./evaluate.ts";
import { undefinedName } from "./names.ts";
import { parseProgram } from "./parse.ts";
import { fromJson, Inexact, JqError, toPlain } from "./values.ts";

/** How a program ended: its results, or why there are none. `tooMuch`: it may end where more work is allowed. */
export type JqRun = { readonly results: readonly unknown[] } | { readonly failure: string; readonly tooMuch?: boolean };

/** Never throws for anything that a program does. */
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
    // The engine's own stack, or its longest text, is what a program may use up.
    if (error instanceof RangeError) return { failure: "the jq expression goes too deep" };
    if (error instanceof SyntaxError) return { failure: "the input is not JSON" };
    throw error;
  }
}
