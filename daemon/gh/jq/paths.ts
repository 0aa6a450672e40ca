/**
 * Expressions that are only steps along the input, such as `.a.b[0]`, `.[] | .x` or `length`: evaluated here, without
 * the thread. They mean the same in every jq; anything that would be an error is left to the general road.
 */
import { compareKeys } from "./print.ts";
import type { Token } from "./tokens.ts";

type Step =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "each" }
  | { readonly kind: "length" };

/** The steps of an expression; undefined where it is more than steps. */
export function parseSteps(tokens: readonly Token[]): readonly Step[] | undefined {
  const words = tokens.filter(({ kind }) => kind !== "space");
  const steps: Step[] = [];
  for (let at = 0; at < words.length; ) {
    const parsed = parseStage(words, at, steps);
    if (parsed === undefined) return undefined;
    at = parsed;
    if (at === words.length) return steps;
    if (words[at]?.text !== "|") return undefined;
    at++;
  }
  return undefined;
}

/** One stage between pipes, from `at`; gives back where it ends. */
function parseStage(words: readonly Token[], at: number, steps: Step[]): number | undefined {
  const first = words[at];
  if (first?.kind === "name" && first.text === "length") {
    steps.push({ kind: "length" });
    return at + 1;
  }
  if (first?.kind !== "field" && first?.text !== ".") return undefined;
  let next = first.text === "." ? at + 1 : at;
  for (;;) {
    const word = words[next];
    if (word?.kind === "field") {
      steps.push({ kind: "key", key: word.text.slice(1) });
      next++;
    } else if (word?.kind === "operator" && word.text === "[") {
      const bracket = parseBracket(words, next);
      if (!bracket) return undefined;
      steps.push(bracket.step);
      next = bracket.next;
    } else {
      return next;
    }
  }
}

function parseBracket(words: readonly Token[], at: number): { step: Step; next: number } | undefined {
  const texts = words.slice(at + 1, at + 5).map(({ text }) => text);
  const kinds = words.slice(at + 1, at + 5).map(({ kind }) => kind);
  if (texts[0] === "]") return { step: { kind: "each" }, next: at + 2 };
  if (kinds[0] === "number" && /^\d{1,9}$/.test(texts[0] ?? "") && texts[1] === "]") {
    return { step: { kind: "index", index: Number(texts[0]) }, next: at + 3 };
  }
  const quoted = kinds[0] === "quote" && kinds[1] === "chunk" && kinds[2] === "quote" && texts[3] === "]";
  const key = texts[1] ?? "";
  return quoted && !key.includes("\\") ? { step: { kind: "key", key }, next: at + 5 } : undefined;
}

/** The results; undefined where jq would report an error. */
export function walkSteps(input: unknown, steps: readonly Step[]): readonly unknown[] | undefined {
  let values: unknown[] = [input];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) if (!takeStep(value, step, next)) return undefined;
    values = next;
  }
  return values;
}

function takeStep(value: unknown, step: Step, out: unknown[]): boolean {
  if (step.kind === "length") return pushLength(value, out);
  if (step.kind === "each") {
    if (Array.isArray(value)) for (const item of value) out.push(item);
    else if (isObject(value)) for (const [, item] of sortedEntries(value)) out.push(item);
    else return false;
    return true;
  }
  if (value === null) {
    out.push(null);
    return true;
  }
  if (step.kind === "index") {
    if (!Array.isArray(value)) return false;
    out.push(value[step.index] ?? null);
    return true;
  }
  if (!isObject(value)) return false;
  out.push(Object.hasOwn(value, step.key) ? value[step.key] : null);
  return true;
}

function pushLength(value: unknown, out: unknown[]): boolean {
  if (value === null) out.push(0);
  else if (typeof value === "string") out.push([...value].length);
  else if (typeof value === "number") out.push(Math.abs(value));
  else if (Array.isArray(value)) out.push(value.length);
  else if (isObject(value)) out.push(Object.keys(value).length);
  else return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortedEntries(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => compareKeys(a, b));
}
