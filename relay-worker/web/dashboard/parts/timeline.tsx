/** API calls made and saved over time, as stacked bars. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { clock, figure } from "../format.ts";
import { Chart, niceTop, step } from "./chart.tsx";
import { numeric, Section, Table } from "./section.tsx";

const height = 160;

export function Timeline({ data }: { readonly data: Dashboard }) {
  const { timeline, until } = data;
  const top = niceTop(Math.max(1, ...timeline.map(({ spent, spared }) => spent + spared)));
  const total = (name: "spent" | "spared") => timeline.reduce((sum, slot) => sum + slot[name], 0);
  const label = `Over time: ${figure(total("spent"))} API calls, ${figure(total("spared"))} cached answers.`;
  const busy = timeline.filter(({ requests }) => requests > 0).toReversed();
  return (
    <Section id="timeline" title="API calls and cached answers" note="a cached answer causes no API call">
      <ul class="legend">
        <li class="spared">cached answers</li>
        <li class="spent">API calls</li>
      </ul>
      <Chart
        label={label}
        top={top}
        height={height}
        froms={timeline.map(({ from }) => from)}
        until={until}
        windowSeconds={data.window_seconds}
      >
        {timeline.map((slot, index) => (
          <Slot slot={slot} at={index * step} scale={height / top} now={until} />
        ))}
      </Chart>
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
