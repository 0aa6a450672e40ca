/** The sources of answers, as one divided bar and its legend. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { apiCallsSaved } from "../../../../shared/stats.ts";
import { figure, percent, words } from "../format.ts";
import { Bar, numeric, Section, Table, unseen } from "./section.tsx";

interface Source {
  readonly name: string;
  readonly tone: string;
  readonly about: string;
}

/** From cheapest to dearest. */
const known: Readonly<Record<string, Source>> = {
  memory: { name: "isolate memory", tone: "t1", about: "fresh, from the Worker’s memory" },
  edge: { name: "edge cache", tone: "t10", about: "fresh, from the data centre" },
  database: { name: "Relay cache (database)", tone: "t11", about: "fresh, read from D1" },
  bucket: { name: "log bucket", tone: "t12", about: "a completed job’s log, kept" },
  pushed: { name: "vouched for by events", tone: "t13", about: "others decide by it: no event reports a change" },
  stale: { name: "cache, stale", tone: "t2", about: "served past its lifetime: GitHub or the pool could not answer" },
  coalesced: { name: "shared read", tone: "t3", about: "joined an identical read in progress" },
  revalidated: { name: "revalidated", tone: "t4", about: "GitHub answered 304: no rate limit used with a credential" },
  github_identity: { name: "GitHub, by identity", tone: "t5", about: "used a pooled rate limit" },
  github_anonymous: {
    name: "GitHub, no credential",
    tone: "t6",
    about: "used the rate limit for requests without a credential",
  },
  github_web: { name: "GitHub’s web pages", tone: "t7", about: "uses no API rate limit" },
  fallback: { name: "answered by the user’s own gh", tone: "t8", about: "private, unknown, or refused by policy" },
  error: { name: "refused or failed", tone: "t9", about: "see the list of requests" },
};

export function Sources({ data }: { readonly data: Dashboard }) {
  const total = data.sources.reduce((sum, { count }) => sum + count, 0);
  const order = Object.keys(known);
  const shown = data.sources
    .map(({ source, count }) => ({
      count,
      ...(known[source] ?? { name: words(source), tone: "t9", about: "" }),
      source,
    }))
    .toSorted((a, b) => order.indexOf(a.source) - order.indexOf(b.source));
  let at = 0;
  return (
    <Section id="sources" title="Where answers came from" fold>
      {total === 0 ? (
        <p class="empty">No requests in this window.</p>
      ) : (
        <>
          <svg class="shares" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
            {shown.map(({ count, tone }) => {
              const width = (count / total) * 1000;
              at += width;
              return <rect class={tone} x={(at - width).toFixed(2)} width={width.toFixed(2)} height="24" />;
            })}
          </svg>
          <ul class="shares-legend">
            {shown.map(({ name, tone, count, about }) => (
              <li>
                <span class={`swatch ${tone}`}></span>
                <span>
                  {name}
                  <small>{about}</small>
                </span>
                <span class="number">{percent(count / total)}</span>
                <span class="number quiet">{figure(count)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

export function Fallbacks({ data }: { readonly data: Dashboard }) {
  const reasons = data.stats.fallback_reasons;
  const most = Math.max(1, ...reasons.map(({ count }) => count));
  return (
    <Section id="fallbacks" title="Why the caller’s own gh answered" fold>
      <Table
        label="Fallback reasons"
        columns={["Reason", unseen("Share"), numeric("Times")]}
        rows={reasons.map(({ reason, count }) => [
          words(reason),
          <Bar share={count / most} tone="t8" />,
          figure(count),
        ])}
        empty="No read was answered by a user’s own gh."
      />
    </Section>
  );
}

export function Routes({ data }: { readonly data: Dashboard }) {
  const { routes } = data.stats;
  return (
    <Section id="routes" title="Most used routes" fold>
      <Table
        label="Most used routes"
        columns={["Route", numeric("Requests"), unseen("Hits, as a bar"), numeric("Hits"), numeric("GitHub")]}
        rows={routes
          .slice(0, 12)
          .map(({ route_kind, requests, hits, stale, github_calls }) => [
            words(route_kind),
            figure(requests),
            <Bar share={(hits + stale) / requests} tone="t1" />,
            percent((hits + stale) / requests),
            figure(github_calls),
          ])}
        empty="No requests in this window."
      />
    </Section>
  );
}

export function Repositories({ data }: { readonly data: Dashboard }) {
  const repositories = data.stats.repositories ?? [];
  return (
    <Section id="repositories" title="Repositories" note="which one uses the API" fold>
      <Table
        label="Repositories"
        columns={[
          "Repository",
          numeric("Requests"),
          unseen("Hits, as a bar"),
          numeric("Hits"),
          numeric("API calls"),
          numeric("Saved"),
        ]}
        rows={repositories
          .toSorted((a, b) => b.github_calls - a.github_calls || b.requests - a.requests)
          .slice(0, shownRepositories)
          .map((use) => [
            use.repository,
            figure(use.requests),
            <Bar share={(use.hits + use.stale) / use.requests} tone="t1" />,
            percent((use.hits + use.stale) / use.requests),
            figure(use.github_calls),
            figure(apiCallsSaved(use)),
          ])}
        empty="No repository was read in this window."
      />
    </Section>
  );
}

const shownRepositories = 12;
