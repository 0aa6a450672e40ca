/** `--json`, `--jq` and `--template`: gh's exporter (pkg/cmdutil/json_flags.go). */
import { NativeRequired } from "../../reader.ts";
import type { Call } from "../command.ts";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import type { Filter } from "../engine.ts";
import type { FlagTable } from "../flags.ts";
import { goQuote } from "../go/quote.ts";
import { runJq } from "../jq/index.ts";
import { renderTemplate } from "../template/index.ts";
import { measureFor } from "../terminal/joined.ts";
import { requireNoPager } from "../terminal/style.ts";
import { type FieldTable, fieldList } from "../usage/fields.ts";
import { colorJson } from "./json-color.ts";
import { encodeJson, HtmlEscaped } from "./json-encode.ts";

/** The fields that were asked for, checked, and the way to print them. */
export interface Exporter<F extends string = string> {
  /** In the order asked, without repeats. */
  readonly fields: readonly F[];
  has(field: F): boolean;
  /** stdout for one object, or a list of them, whose keys are the fields asked for. */
  write(data: unknown): Promise<string>;
}

type ExportCall = Pick<Call<FlagTable>, "given" | "context"> & {
  readonly flags: { readonly json: readonly string[]; readonly jq: string; readonly template: string };
};

/**
 * The exporter of a call; undefined without `--json`. Throws gh's own errors where its PreRunE refuses.
 *
 * @param known all fields
 * @param later the fields that came after gh 2.46, with the minor version that brought them
 */
export async function exporter<F extends string>(
  call: ExportCall,
  known: readonly F[],
  later: Readonly<Record<string, number>> = {},
): Promise<Exporter<F> | undefined> {
  const { given, flags, context } = call;
  if (!given.has("json")) {
    if (given.has("jq")) throw new CommandFailure("cannot use `--jq` without specifying `--json`");
    if (given.has("template")) throw new CommandFailure("cannot use `--template` without specifying `--json`");
    return undefined;
  }
  const fields: F[] = [];
  for (const field of new Set(flags.json)) {
    const found = known.find((name) => name === field);
    const minor = (found && later[found]) ?? 0;
    const era = context.gh.fieldEra;
    if (found === undefined || (minor > 0 && era === "2.46")) return refuseField(field, { known, later }, context);
    if (minor > 0 && !context.gh.isAtLeast(minor)) context.native(`${found} is a field of gh 2.${minor}`);
    fields.push(found);
  }
  return {
    fields,
    has: (field) => fields.includes(field),
    write: (data) => exportJson(encodeJson(sortFields(data)), flags, context),
  };
}

/** gh's own message for an unknown field, with the fields of that gh. */
function refuseField(field: string, table: FieldTable, context: Context): never {
  const list = fieldList(table, context.gh, `${field} may be a field of this gh`);
  throw new CommandFailure(`Unknown JSON field: ${goQuote(field)}\nAvailable fields:\n  ${list}`);
}

/** gh asks GraphQL for no fields then, and GitHub's own message reports the error. */
export function requireFields(fields: Exporter | undefined, context: Context): void {
  if (fields?.fields.length === 0) context.native("no fields");
}

/** Prints a JSON text as gh's exporter does. */
async function exportJson(
  json: string,
  flags: { readonly jq: string; readonly template: string },
  context: Context,
): Promise<string> {
  requireNoPager(context.invocation.env, context.style);
  if (flags.jq !== "") return filterJson(flags.jq, json, context);
  if (flags.template !== "") return formatJson(flags.template, json, context);
  return context.style.color ? colorJson(json, "  ", context.gh) : `${json}\n`;
}

/** `--jq`: the caller's own gh computes a program that is not supported here. */
export function filterJson(expression: string, json: string, context: Context): Promise<string> {
  return orByGh({ kind: "jq", program: expression, json }, context, async () => {
    const { stdoutTty, color } = context.style;
    if (/\bleaf_paths\b/.test(expression) && context.gh.has("noLeafPaths")) context.gh.native("leaf_paths of jq");
    const result = await runJq(expression, json, { indent: stdoutTty ? "  " : "", color }, context.now());
    return result.kind === "native" ? context.native(result.reason) : result.output;
  });
}

/** `--template`, likewise. */
export function formatJson(template: string, json: string, context: Context): Promise<string> {
  return orByGh({ kind: "template", program: template, json }, context, async () => {
    const { columns, color } = context.style;
    const measure = /table|truncate/.test(template) ? measureFor(json + template, context.gh) : undefined;
    if (/table/.test(template) && /hyperlink/.test(template) && context.gh.has("joinedCharacters")) {
      context.gh.native("a link in a table");
    }
    const result = await renderTemplate(template, json, {
      columns,
      now: context.now(),
      color,
      sprig: knowsSprig(template, context),
      ...(measure && { measure }),
    });
    if (result.kind === "native") context.native(result.reason);
    if (result.kind === "error") throw new CommandFailure(result.message);
    return result.output;
  });
}

async function orByGh(filter: Filter, context: Context, compute: () => Promise<string>): Promise<string> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof NativeRequired)) throw error;
    return context.filterByGh(filter, error.reason);
  }
}

/** Asked only where a template may name one of them. */
function knowsSprig(template: string, context: Context): boolean {
  return /contains|hasPrefix|hasSuffix|regexMatch/.test(template) && context.gh.has("sprigFunctions");
}

/** gh exports each item as a Go map, whose keys come out sorted; nested values keep their own order. */
export function sortFields(data: unknown): unknown {
  if (data instanceof HtmlEscaped) return data;
  if (Array.isArray(data)) return data.map(sortFields);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}
