/**
 * The limits of one rendering. Templates are evaluated on the thread that answers every command of the machine, so
 * their work is counted: each step, each turn of a loop, and every character that is looked at, made or printed. The
 * real gh runs a template that costs more, after some tens of milliseconds.
 */
import { native } from "./unsupported.ts";
import { isList, isMap, type TemplateValue } from "./values.ts";

const mostSteps = 400_000;
/** Far above the usual output for a hundred issues with their texts. */
const mostCharacters = 16 * 2 ** 20;
/** Text whose characters are counted or measured one by one. */
export const longestMeasured = 2 ** 18;

export class TemplateBudget {
  #steps = 0;
  #characters = 0;

  /** Called before this much work is done. */
  steps(count = 1): void {
    this.#steps += count;
    if (this.#steps > mostSteps) native("a template that runs too long");
  }

  /** Called for text that is about to be printed, or was made. */
  characters(count: number): void {
    this.#characters += count;
    if (this.#characters > mostCharacters) native("a template that makes too much text");
  }

  /** Called for the arguments and the result of a function. */
  values(values: readonly TemplateValue[]): void {
    for (const value of values) {
      if (typeof value === "string") this.characters(value.length);
      else if (isList(value)) this.steps(value.length);
      else if (isMap(value)) this.steps(Object.keys(value).length);
    }
  }
}
