/** The figures about savings and health. */
import type { Child } from "hono/jsx";
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { apiCallsSaved } from "../../../../shared/stats.ts";
import { figure, percent } from "../format.ts";
import { type DashboardQuery, dashboardHref } from "../query.ts";

export function Tiles({ data, query }: { readonly data: Dashboard; readonly query: DashboardQuery }) {
  const { totals } = data.stats;
  const { identities_total: all, identities_healthy: healthy } = data.health;
  return (
    <dl id="tiles" class="tiles" data-live>
      <Tile name="Requests" value={figure(totals.requests)} />
      <Tile
        name="Served from cache"
        value={percent(totals.eligible_hit_rate)}
        note="of the reads that a cache could answer"
      />
      <Tile
        name="API calls saved"
        value={figure(apiCallsSaved(totals))}
        note="compared with one call per read"
        tone="spared"
      />
      <Tile name="API calls made" value={figure(totals.github_calls)} note="visibility checks included" tone="spent" />
      <Tile
        name="Answered by the user’s own gh"
        value={figure(totals.local_fallbacks)}
        note={totals.requests ? percent(totals.local_fallbacks / totals.requests) : undefined}
      />
      <Tile
        name="Failures of the relay"
        value={
          totals.service_errors === 0 ? (
            "0"
          ) : (
            <a href={`${dashboardHref(query, { result: "error" })}#requests`}>{figure(totals.service_errors)}</a>
          )
        }
        tone={totals.service_errors > 0 ? "bad" : undefined}
      />
      <Tile
        name="Healthy identities"
        value={healthy === null ? "unknown" : `${healthy} of ${all}`}
        tone={(healthy !== null && healthy < all) || all === 0 ? "bad" : undefined}
        note={all === 0 ? "add one: octopool admin identity add" : undefined}
      />
    </dl>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: Child;
  readonly note?: string | undefined;
  readonly tone?: string | undefined;
}

function Tile({ name, value, note, tone }: TileProps) {
  return (
    <div class={`tile ${tone ?? ""}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {note ? <span class="quiet">{note}</span> : null}
      </dd>
    </div>
  );
}
