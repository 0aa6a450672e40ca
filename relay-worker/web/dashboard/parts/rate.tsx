/** How much of the pool's rate limit was used over time, and when it runs out at this rate. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { exhaustedAt } from "../../../../shared/stats.ts";
import { clock, figure, percent, span, words } from "../format.ts";
import { Chart, niceTop, step } from "./chart.tsx";
import { numeric, Section, Table } from "./section.tsx";

const height = 120;
const hourMs = 3_600_000;

export function RateLimit({ data }: { readonly data: Dashboard }) {
  const { timeline, until } = data;
  const slots = timeline.map((slot) => ({ from: slot.from, used: Math.max(0, slot.spent - slot.unchanged) }));
  const [first, second] = slots;
  const slotMs = first && second ? Date.parse(second.from) - Date.parse(first.from) : data.window_seconds * 1000;
  const anHour = limitAnHour(data);
  const most = Math.max(0, ...slots.map(({ used }) => used));
  const busiest = slots.find(({ used }) => used === most && used > 0);
  const limit = anHour === undefined ? undefined : (anHour * slotMs) / hourMs;
  const top = niceTop(Math.max(1, most));
  const label = describe(busiest, limit, data);
  return (
    <Section
      id="rate"
      title="Rate limit over time"
      note="API calls that GitHub counts: unchanged answers are free"
      fold
    >
      <p>{label}</p>
      <RunsOut data={data} />
      <Chart
        label={label}
        top={top}
        height={height}
        froms={slots.map(({ from }) => from)}
        until={until}
        windowSeconds={data.window_seconds}
      >
        {slots.map(({ from, used }, index) =>
          used === 0 ? null : (
            <g>
              <title>{`${clock(from, until)}: ${figure(used)}${limit ? `, ${percent(used / limit)} of the limit` : ""}`}</title>
              <rect
                class={limit && used > limit * 0.9 ? "over" : "spent"}
                x={index * step + 2}
                width={step - 4}
                y={height - (used / top) * height}
                height={(used / top) * height}
              />
            </g>
          ),
        )}
      </Chart>
      <details id="rate-figures">
        <summary>Figures</summary>
        <Table
          label="Rate limit over time"
          columns={["From (UTC)", numeric("Counted API calls"), numeric("Of the limit")]}
          rows={slots
            .filter(({ used }) => used > 0)
            .toReversed()
            .map(({ from, used }) => [clock(from, until), figure(used), limit ? percent(used / limit) : "unknown"])}
          empty="No API call was counted in this window."
        />
      </details>
    </Section>
  );
}

/** The sum of the pool's rate limits in an hour: a rate limit that identities share counts once. */
function limitAnHour({ identities }: Dashboard): number | undefined {
  const limits = new Map<string, number>();
  for (const { budget_owner: owner, budgets, disabled } of identities) {
    const core = budgets.find(({ resource }) => resource === "core");
    if (core && !disabled) limits.set(owner, core.limit);
  }
  return limits.size === 0 ? undefined : [...limits.values()].reduce((sum, each) => sum + each, 0);
}

interface Slot {
  readonly from: string;
  readonly used: number;
}

function describe(busiest: Slot | undefined, limit: number | undefined, data: Dashboard): string {
  if (!busiest) return "GitHub counted no API call in this window.";
  const share = limit ? `, ${percent(busiest.used / limit)} of the pool's limit for that time` : "";
  return `Most at ${clock(busiest.from, data.until)}: ${figure(busiest.used)}${share}.`;
}

/** Each rate limit that does not last until its reset, soonest first. */
function RunsOut({ data: { identities, now } }: { readonly data: Dashboard }) {
  const seen = new Map<string, { readonly text: string; readonly at: number }>();
  for (const { id, budget_owner: owner, budgets, disabled } of identities) {
    for (const budget of disabled ? [] : budgets) {
      const at = exhaustedAt(budget, Date.parse(now));
      if (at === undefined) continue;
      const when =
        at <= Date.parse(now) ? "is used up" : `runs out in ${span(now, new Date(at).toISOString())} at this rate`;
      const text = `${id}: ${words(budget.resource)} ${when}; it is reset in ${span(now, budget.reset_at)}.`;
      seen.set(`${owner} ${budget.resource}`, { text, at });
    }
  }
  if (seen.size === 0) return <p class="quiet">Every rate limit lasts until its reset at this rate.</p>;
  return (
    <ul class="runs-out">
      {[...seen.values()]
        .toSorted((a, b) => a.at - b.at)
        .map(({ text }) => (
          <li>{text}</li>
        ))}
    </ul>
  );
}
