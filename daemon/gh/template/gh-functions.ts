/** The functions that gh adds to templates (go-gh's pkg/template). */
import { scalarNumber } from "../jq/go-number.ts";
import { translate } from "../jq/regex-syntax.ts";
import { ansiColor } from "../terminal/colors.ts";
import { type Cell, renderColumns } from "../terminal/table.ts";
import { timeAgo } from "../terminal/times.ts";
import { displayWidth, type Measure, truncate } from "../terminal/width.ts";
import { longestMeasured } from "./budget.ts";
import type { TemplateFunction } from "./functions.ts";
import { formatTime, parseTime } from "./layout.ts";
import { native } from "./unsupported.ts";
import { Int, isList, isMap, type TemplateValue } from "./values.ts";

/** Where a template prints to. */
export interface TemplateOptions {
  /** Width of tables. */
  readonly columns: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly color: boolean;
  /** Functions that later versions of gh add. */
  readonly sprig?: boolean;
  /** This gh's measure of text width. */
  readonly measure?: Measure;
}

/** Rows gathered by `tablerow` until `tablerender`, or the end. */
export class TemplateTable {
  #rows: Cell[][] = [];
  readonly #columns: number;
  readonly #measure: Measure;

  constructor({ columns, measure = displayWidth }: Pick<TemplateOptions, "columns" | "measure">) {
    this.#columns = columns;
    this.#measure = measure;
  }

  add(row: Cell[]): void {
    const first = this.#rows[0];
    // Go indexes the widths of the first row by every later column.
    if (first && row.length > first.length) native("a table row longer than the first");
    this.#rows.push(row);
  }

  /** The table so far; the next row begins another. */
  render(): string {
    const text = renderColumns(this.#rows, this.#columns, this.#measure);
    this.#rows = [];
    return text;
  }
}

/** The functions, over one table. `print` writes text that is not an action's value. */
export function ghFunctions(
  options: TemplateOptions,
  table: TemplateTable,
  print: (text: string) => void,
): Readonly<Record<string, TemplateFunction>> {
  const color = (style: TemplateValue, input: TemplateValue) => {
    const [name, text] = [requireText(style), scalar(input)];
    return options.color ? ansiColor(text, name) : text;
  };
  return {
    autocolor: color,
    color,
    hyperlink: (link, text) => {
      const target = requireText(link);
      return `\x1b]8;;${target}\x1b\\${requireText(text) || target}\x1b]8;;\x1b\\`;
    },
    join: (separator, list) => requireList(list).map(scalar).join(requireText(separator)),
    pluck: (name, list) =>
      requireList(list).map((item) => {
        const key = requireText(name);
        if (!isMap(item)) return native("pluck from something else than objects");
        return Object.hasOwn(item, key) ? item[key] : null;
      }),
    tablerow: (...cells) => {
      if (cells.length === 0) return native("an empty table row");
      table.add(cells.map((cell) => ({ text: scalar(cell), truncate: firstLine })));
      return "";
    },
    tablerender: (...rest) => {
      if (rest.length > 0) return native("tablerender with arguments");
      print(table.render());
      return "";
    },
    timeago: (time) => {
      const then = parseTime(requireText(time));
      return then === undefined ? native("timeago of something else than a time") : timeAgo(options.now - then);
    },
    timefmt: (layout, time) => formatTime(requireText(layout), requireText(time)),
    truncate: (width, text) => {
      if (!(width instanceof Int) || width.value < 0) return native("truncate without a width");
      if (text === null || text === undefined) return "";
      return typeof text === "string" && text.length <= longestMeasured && !text.includes("\x1b")
        ? truncate(width.value, text, options.measure)
        : native("truncate of something else than text");
    },
    ...(options.sprig && sprigFunctions),
  };
}

/** From the Sprig library, by which later versions of gh know them: the text comes last. */
const sprigFunctions: Readonly<Record<string, TemplateFunction>> = {
  contains: (part, text) => requireText(text).includes(requireText(part)),
  hasPrefix: (part, text) => requireText(text).startsWith(requireText(part)),
  hasSuffix: (part, text) => requireText(text).endsWith(requireText(part)),
  regexMatch: (pattern, text) => {
    const compiled = translate(requireText(pattern), false) ?? native("a seldom used regular expression");
    return new RegExp(compiled.regex.source, compiled.regex.flags.replace("g", "")).test(requireText(text));
  },
};

/** go-gh's jsonScalarToString; Go integers are not among the types it takes. */
function scalar(value: TemplateValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" ? scalarNumber(value) : native("a value that is no text, number or truth");
}

function requireText(value: TemplateValue): string {
  return typeof value === "string" ? value : native("something else than text where text is needed");
}

function requireList(value: TemplateValue): readonly TemplateValue[] {
  return isList(value) ? value : native("something else than a list where a list is needed");
}

/** A cell of several lines shows its first. */
function firstLine(columns: number, text: string, measure: Measure): string {
  const end = text.search(/[\r\n]/);
  return truncate(columns, end < 0 ? text : `${text.slice(0, end)}...`, measure);
}
