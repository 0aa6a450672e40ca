/**
 * `-f` and `-F` of a GraphQL request, as gh makes its body of them (pkg/cmd/api/fields.go, groupGraphQLVariables in
 * http.go): `query` and `operationName` stand by themselves, all others are variables.
 */
import { parseJson } from "../../../../shared/parse-json.ts";
import { goQuote } from "../../go/quote.ts";
import { parseGoInteger } from "../../go/values.ts";
import type { ParsedApiCall } from "../flag-table.ts";
import { fillPlaceholders } from "../placeholders.ts";

/** A field's value as JSON has it. */
type Value = string | number | boolean | null;

export async function parseFields(call: ParsedApiCall): Promise<ReadonlyMap<string, Value | readonly Value[]>> {
  const { flags, context } = call;
  const fields = new Map<string, Value | readonly Value[]>();
  const add = (name: string, value: Value) => {
    const list = /^([^[\]]+)\[\]$/.exec(name)?.[1];
    if (list === undefined && /[[\]]/.test(name)) context.native("nested fields");
    const known = fields.get(list ?? name);
    // gh refuses a second value, and a list beside a single one, with its own message.
    if (known !== undefined && (list === undefined || !Array.isArray(known))) context.native("a field twice");
    fields.set(list ?? name, list === undefined ? value : [...(Array.isArray(known) ? known : []), value]);
  };
  for (const field of flags["raw-field"]) add(...split(field, call));
  for (const field of flags.field) {
    const [name, value] = split(field, call);
    add(name, await typed(name, value, call));
  }
  return fields;
}

function split(field: string, { context }: ParsedApiCall): [string, string] {
  const at = field.indexOf("=");
  if (at < 1) context.native("a field without a key or a value");
  return [field.slice(0, at), field.slice(at + 1)];
}

/** gh's conversion by the form of a value. */
async function typed(name: string, value: string, { context }: ParsedApiCall): Promise<Value> {
  if (value.startsWith("@")) return textOf(value.slice(1), context);
  if (/^[+-]?\d+$/.test(value)) {
    return parseGoInteger(value.replace(/^([+-]?)0+(?=\d)/, "$1")) ?? context.native("a number beyond 2^53");
  }
  if (value === "true" || value === "false") return value === "true";
  if (value === "null") return null;
  // Some versions of gh read an object here.
  if (/^\s*\{(?![a-z]+\})[\s\S]*\}\s*$/.test(value) && parseJson(value) !== undefined)
    context.native("a field that is JSON");
  return fillPlaceholders(value, context, `error parsing ${goQuote(name)} value: `);
}

/** The text of a file, or with `-` of standard input. */
export function textOf(path: string, context: ParsedApiCall["context"]): string {
  const text = path === "-" ? context.invocation.stdin : context.readText(path);
  if (text === undefined) context.native(`${path === "-" ? "standard input" : "a file"} that cannot be read from here`);
  if (text.includes("\ufffd")) context.native("a text that is not UTF-8");
  return text;
}
