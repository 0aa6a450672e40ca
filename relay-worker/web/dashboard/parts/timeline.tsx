/** Budget spent and spared over time, as stacked bars. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { clock, figure, tick } from "../format.ts";
import { numeric, Section, Table } from "./section.tsx";

const height = 160;
const step = 20;

export function Timeline({ data }: { readonly data: Dashboard }) {
  const { timeline, until } = data;
  const top = niceTop(Math.max(1, ...timeline.map(({ spent, spared }) => spent + spared)));
  const total = (name: "spent" | "spared") => timeline.reduce((sum, slot) => sum + slot[name], 0);
  const label = `Over time: ${figure(total("spent"))} API calls, ${figure(total("spared"))} cached answers.`;
  const marks = [0, 0.25, 0.5, 0.75].map((share) => timeline[Math.floor(share * timeline.length)]?.from ?? until);
  const busy = timeline.filter(({ requests }) => requests > 0).toReversed();
  return (
    <Section id="timeline" title="API calls and cached answers" note="a cached answer asked GitHub nothing">
      <ul class="legend">
        <li class="spared">cached answers</li>
        <li class="spent">API calls</li>
      </ul>
      <div class="chart">
        <p class="axis" aria-hidden="true">
          <span>{figure(top)}</span>
          <span>{figure(top / 2)}</span>
          <span>0</span>
        </p>
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${timeline.length * step} ${height}`}
          preserveAspectRatio="none"
        >
          <title>{label}</title>
          {[0, 0.5, 1].map((share) => (
            <line class="grid" x1="0" x2={timeline.length * step} y1={share * height} y2={share * height} />
          ))}
          {timeline.map((slot, index) => (
            <Slot slot={slot} at={index * step} scale={height / top} now={until} />
          ))}
        </svg>
        <p class="times" aria-hidden="true">
          {marks.map((mark) => (
            <span>{tick(mark, data.window_seconds)}</span>
          ))}
          <span>now, UTC</span>
        </p>
      </div>
      <details id="timeline-figures">
        <summary>Figures</summary>
        <Table
          label="Requests over time"
          columns={[
            "From (UTC)",
            numeric("Requests"),
            numeric("API calls"),
            numeric("Cached answers"),
            numeric("By own gh"),
          ]}
          rows={busy.map(({ from, requests, spent, spared, fallbacks }) => [
            clock(from, until),
            ...[requests, spent, spared, fallbacks].map(figure),
          ])}
          empty="No requests in this window."
        />
      </details>
    </Section>
  );
}

interface SlotProps {
  readonly slot: Dashboard["timeline"][number];
  readonly at: number;
  readonly scale: number;
  readonly now: string;
}

function Slot({ slot: { from, spent, spared }, at, scale, now }: SlotProps) {
  if (spent + spared === 0) return null;
  const low = spent * scale;
  const high = spared * scale;
  return (
    <g>
      <title>{`${clock(from, now)}: ${spent} API calls, ${spared} cached answers`}</title>
      <rect class="spared" x={at + 2} width={step - 4} y={height - low - high} height={high} />
      <rect class="spent" x={at + 2} width={step - 4} y={height - low} height={low} />
    </g>
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
