/** The frame of bars over time: the axis of their figures, lines across, and the axis of their times. */
import type { Child } from "hono/jsx";
import { figure, tick } from "../format.ts";

/** Width of one slot, in units of the drawing. */
export const step = 20;

interface ChartProps {
  /** For screen readers. */
  readonly label: string;
  /** The figure at the upper edge. */
  readonly top: number;
  readonly height: number;
  /** Beginnings of the slots, oldest first. */
  readonly froms: readonly string[];
  readonly until: string;
  readonly windowSeconds: number;
  readonly children?: Child;
}

export function Chart({ label, top, height, froms, until, windowSeconds, children }: ChartProps) {
  return (
    <div class="chart">
      <p class="axis" aria-hidden="true">
        <span>{figure(top)}</span>
        <span>{figure(top / 2)}</span>
        <span>0</span>
      </p>
      <svg role="img" aria-label={label} viewBox={`0 0 ${froms.length * step} ${height}`} preserveAspectRatio="none">
        <title>{label}</title>
        {[0, 0.5, 1].map((share) => (
          <line class="grid" x1="0" x2={froms.length * step} y1={share * height} y2={share * height} />
        ))}
        {children}
      </svg>
      <p class="times" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75].map((share) => (
          <span>{tick(froms[Math.floor(share * froms.length)] ?? until, windowSeconds)}</span>
        ))}
        <span>now, UTC</span>
      </p>
    </div>
  );
}

/** A round figure, and even, so that its half is whole. */
export function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return (
    [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10, 12]
      .map((factor) => factor * power)
      .find((top) => top >= most && top % 2 === 0) ?? most
  );
}
