/** The text that lists print around and instead of their rows (pkg/cmd/pr/shared/display.go, internal/tableprinter). */
import type { Context } from "../context.ts";
import { type ColorScheme, colorScheme, colorSupport } from "../terminal/colors.ts";
import { measureFor } from "../terminal/joined.ts";
import { type Cell, type Row, renderColumns, renderTsv } from "../terminal/table.ts";
import { padRight, pluralize } from "../terminal/width.ts";

export { squeezeSpace } from "../go/strings.ts";

/** The paints of a command's stdout. */
export function paints(context: Context): ColorScheme {
  return colorScheme(colorSupport(context.style.color, context.invocation.env), context.gh);
}

/** A table with gh's headings on a terminal; tab-separated values without headings elsewhere. */
export function renderTable(context: Context, headings: readonly string[], rows: readonly Row[]): string {
  if (!context.style.stdoutTty) return renderTsv(rows);
  const { heading } = paints(context);
  const measure = measureFor(
    rows
      .flat()
      .map(({ text }) => text)
      .join(""),
    context.gh,
  );
  const head: Row = headings.map(
    (text): Cell => (context.style.color ? { text, color: heading, pad: padRight } : { text }),
  );
  return renderColumns([head, ...rows], context.style.columns, measure);
}

/** The things that a list counts. */
interface ListSubject {
  /** `pull request`, `issue`. */
  readonly item: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Anything but the default filters. */
  readonly filtered: boolean;
}

/** `Showing 2 of 2 open issues in o/r`, between empty lines. */
export function listHeader({ item, repository, filtered }: ListSubject, shown: number, total: number): string {
  const text = filtered
    ? `Showing ${shown} of ${pluralize(total, item)} in ${repository} that ${total === 1 ? "matches" : "match"} your search`
    : `Showing ${shown} of ${pluralize(total, `open ${item}`)} in ${repository}`;
  return `\n${text}\n\n`;
}

/** The message of an empty list on stderr, where stdout is a terminal. */
export function nothingFound({ item, repository, filtered }: ListSubject): string {
  return filtered ? `no ${item}s match your search in ${repository}\n` : `no open ${item}s in ${repository}\n`;
}
