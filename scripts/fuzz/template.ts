import { renderTemplate } from "../../daemon/gh/template/index.ts";
import { inputs } from "../../test/daemon/gh/template/cases.ts";
import { oddInputs } from "./inputs.ts";
import type { Language } from "./programs.ts";
import { templateGrammar } from "./template-grammar.ts";

export const template: Language = {
  flag: "--template",
  grammar: templateGrammar,
  start: "template",
  simplest: "",
  inputs: [...Object.values(inputs).map((input) => JSON.stringify(input)), ...oddInputs],
  engine: (program, input) => renderTemplate(program, input, { columns: 80, now: Date.now(), color: false }),
};
