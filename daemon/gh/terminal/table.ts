/** gh's table printer: columns on a terminal, tab-separated values elsewhere (go-gh's tableprinter). */
import type { Paint } from "./colors.ts";
import { displayWidth, type Measure, padRight, truncate } from "./width.ts";

/** One cell. */
export interface Cell {
  readonly text: string;
  /** Only on a terminal. */
  readonly color?: Paint;
  /** How a long text is shortened; null leaves it whole. */
  readonly truncate?: ((columns: number, text: string, measure: Measure) => string) | null;
  /** Fills up to the column's width; without it only cells before the last are filled. */
  readonly pad?: (columns: number, text: string, measure: Measure) => string;
}

export type Row = readonly Cell[];

const delimiter = "  ";

/** Tab-separated lines. */
export function renderTsv(rows: readonly Row[]): string {
  return rows.map((row) => `${row.map(({ text }) => text).join("\t")}\n`).join("");
}

/** Columns that fit `maxWidth`, long cells shortened. */
export function renderColumns(rows: readonly Row[], maxWidth: number, measure: Measure = displayWidth): string {
  const columns = rows[0]?.length ?? 0;
  if (rows.length === 0 || columns === 0) return "";
  const widths = columnWidths(rows, maxWidth, measure);
  return rows.map((row) => (row.length === 0 ? "" : `${renderRow(row, widths, measure)}\n`)).join("");
}

function renderRow(row: Row, widths: readonly number[], measure: Measure): string {
  return row
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      const shorten = cell.truncate === undefined ? truncate : cell.truncate;
      let text = shorten === null ? cell.text : shorten(width, cell.text, measure);
      if (cell.pad) text = cell.pad(width, text, measure);
      else if (column < widths.length - 1) text = padRight(width, text, measure);
      return cell.color ? cell.color(text) : text;
    })
    .join(delimiter);
}

/** Short columns get their full width; long ones share the rest. */
function columnWidths(rows: readonly Row[], maxWidth: number, measure: Measure): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  const wanted = new Array<number>(columns).fill(0);
  const widths = new Array<number>(columns).fill(0);
  for (const row of rows) {
    row.forEach((cell, column) => {
      const width = measure(cell.text);
      wanted[column] = Math.max(wanted[column] ?? 0, width);
      if (cell.truncate === null) widths[column] = Math.max(widths[column] ?? 0, width);
    });
  }
  const available = () => maxWidth - delimiter.length * (columns - 1) - widths.reduce((sum, width) => sum + width, 0);
  const flexible = () => widths.filter((width) => width === 0).length;

  const room = available();
  if (room > 0 && flexible() > 0) {
    const share = Math.trunc(room / flexible());
    wanted.forEach((width, column) => {
      if (width < share) widths[column] = width;
    });
  }
  if (flexible() > 0) {
    const share = Math.trunc(available() / flexible());
    widths.forEach((width, column) => {
      if (width !== 0) return;
      const want = wanted[column] ?? 0;
      if (want < share) widths[column] = want;
      else if (share > 0) widths[column] = share;
    });
  }
  let rest = available();
  for (let column = 0; column < columns && rest > 0; column++) {
    const more = Math.min((wanted[column] ?? 0) - (widths[column] ?? 0), rest);
    widths[column] = (widths[column] ?? 0) + more;
    rest -= more;
  }
  return widths;
}
