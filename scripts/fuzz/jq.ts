import { runJq } from "../../daemon/gh/jq/index.ts";
import { inputs } from "../../test/daemon/gh/jq/cases.ts";
import { oddInputs } from "./inputs.ts";
import { jqGrammar } from "./jq-grammar.ts";
import type { Language } from "./programs.ts";

export const jq: Language = {
  flag: "--jq",
  grammar: jqGrammar,
  start: "program",
  simplest: ".",
  inputs: [...Object.values(inputs).map((input) => JSON.stringify(input)), ...oddInputs],
  // Which gh has it is asked where a command is answered.
  engine: async (program, input) => (/\bleaf_paths\b/.test(program) ? { kind: "native" } : runJq(program, input)),
};
