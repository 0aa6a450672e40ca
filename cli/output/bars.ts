/** Small charts of block characters. */
import type { Style } from "../style.ts";

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of `width` cells, to an eighth of a cell; a share above 0 always shows. */
export function bar(share: number, width: number): string {
  const filled = Math.min(Math.max(share, 0), 1) * width * 8;
  const units = share > 0 ? Math.max(1, Math.round(filled)) : 0;
  return "█".repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? "");
}

/** A remaining share: a bar in its frame, red when nearly empty. */
export function meter(share: number, width: number, style: Style): string {
  const full = bar(share, width);
  const paint = share < 0.1 ? style.bad : share < 0.3 ? style.warn : style.good;
  return paint(full) + style.dim("·".repeat(Math.max(0, width - [...full].length)));
}

const heights = [..."▁▂▃▄▅▆▇█"];

/** Values over time, one cell each; 0 is a space, and a value above 0 always shows. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1);
  return values
    .map((value) => (value <= 0 ? " " : (heights[Math.ceil((value / most) * heights.length) - 1] ?? heights[0])))
    .join("");
}

export interface Segment {
  readonly value: number;
  readonly paint: (text: string) => string;
  /** Drawn instead of a block where no colours distinguish the parts. */
  readonly plain: string;
}

/** One bar divided among its parts; every part that exists has at least one cell. */
export function stackedBar(segments: readonly Segment[], width: number, coloured: boolean): string {
  const total = segments.reduce((sum, segment) => sum + segment.value, 0);
  if (total === 0) return "";
  const cells = segments.map(({ value }) => (value === 0 ? 0 : Math.max(1, Math.round((value / total) * width))));
  // Rounding may have given away a few cells too many or too few; the largest part bears it.
  const largest = cells.indexOf(Math.max(...cells));
  cells[largest] = Math.max(1, (cells[largest] ?? 0) + width - cells.reduce((sum, count) => sum + count, 0));
  return segments
    .map(({ paint, plain }, index) =>
      coloured ? paint("█".repeat(cells[index] ?? 0)) : plain.repeat(cells[index] ?? 0),
    )
    .join("");
}
