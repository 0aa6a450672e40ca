/**
 * `--template` as gh evaluates it: Go's text/template with gh's functions. A template that is not supported here is
 * native.
 */

import type { Template } from "./ast.ts";
import { TemplateBudget } from "./budget.ts";
import { Evaluator } from "./evaluate.ts";
import { standardFunctions } from "./functions.ts";
import { ghFunctions, type TemplateOptions, TemplateTable } from "./gh-functions.ts";
import { parse } from "./parse.ts";
import { TemplateNative } from "./unsupported.ts";
import { decodeJson } from "./values.ts";

type TemplateResult =
  | { readonly kind: "ok"; readonly output: string }
  | { readonly kind: "native"; readonly reason: string }
  | { readonly kind: "error"; readonly message: string };

/** Longer than any real template, and parsed in milliseconds. */
const longestSource = 2 ** 15;

/** Renders one JSON text. */
export async function renderTemplate(source: string, json: string, options: TemplateOptions): Promise<TemplateResult> {
  if (source.length > longestSource) return { kind: "native", reason: "a long template" };
  try {
    const output: string[] = [];
    const budget = new TemplateBudget();
    const print = (text: string) => {
      budget.characters(text.length);
      output.push(text);
    };
    const table = new TemplateTable(options);
    const functions = new Map(Object.entries({ ...standardFunctions, ...ghFunctions(options, table, print) }));
    const template: Template = parse(source, new Set([...functions.keys(), "and", "or"]));
    new Evaluator(template, { functions, print, budget }).run(decodeJson(json));
    print(table.render());
    return { kind: "ok", output: output.join("") };
  } catch (error) {
    if (error instanceof TemplateNative || error instanceof SyntaxError)
      return { kind: "native", reason: error.message };
    throw error;
  }
}
