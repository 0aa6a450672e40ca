/** Columns that line up, colours or not. */
import stringWidth from "fast-string-width";

export type TableCell = string | { readonly text: string; readonly align: "right" };

/** Each column as wide as its widest cell, two spaces apart; no trailing spaces. */
export function alignRows(rows: readonly (readonly TableCell[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(textOf(cell)));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function pad(cell: TableCell, width: number): string {
  const text = textOf(cell);
  const space = " ".repeat(width - visibleLength(text));
  return typeof cell === "string" ? text + space : space + text;
}

function textOf(cell: TableCell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** Columns of a terminal: none for colours, two for wide characters. */
function visibleLength(text: string): number {
  return stringWidth(text);
}
