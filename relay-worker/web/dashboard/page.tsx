/** The operator's view. */
import type { Dashboard } from "../../../shared/dashboard.ts";
import { Account, type Signed } from "../account.tsx";
import { Guides } from "../guides.tsx";
import { Page } from "../page.tsx";
import { clock } from "./format.ts";
import { Cache, Proofs } from "./parts/cache.tsx";
import { Callers } from "./parts/callers.tsx";
import { Events } from "./parts/events.tsx";
import { Activity, Identities } from "./parts/identities.tsx";
import { RateLimit } from "./parts/rate.tsx";
import { Changes, Requests } from "./parts/requests.tsx";
import { Fallbacks, Repositories, Routes, Sources } from "./parts/sources.tsx";
import { Tiles } from "./parts/tiles.tsx";
import { Timeline } from "./parts/timeline.tsx";
import { Troubles } from "./parts/troubles.tsx";
import { type DashboardQuery, dashboardHref, windows } from "./query.ts";

interface Props {
  readonly data: Dashboard;
  readonly query: DashboardQuery;
  readonly signed: Signed;
  /** The action just done. */
  readonly done: string | undefined;
  /** Address of the documentation's site; empty without one. */
  readonly docs: string;
}

/** Documentation for the operator at this page. */
const guides = [
  ["dashboard", "This page"],
  ["identities", "Identities and rate limits"],
  ["freshness", "How a command is routed"],
  ["operations", "Operations"],
  ["admin", "Administration"],
] as const;

export function DashboardPage({ data, query, signed, done, docs }: Props) {
  return (
    <Page
      title={`Pool ${data.pool}`}
      live={query.cursor ? undefined : data.refresh_seconds}
      wide
      aside={<Account {...signed} />}
    >
      <div class="head">
        <h1>Pool {data.pool}</h1>
        <Window query={query} />
        {data.pools.length > 1 ? <Pools data={data} query={query} /> : null}
        <p class="live">
          <span role="status" data-live-status></span>
          <span id="as-of" data-live>
            as of <time datetime={data.until}>{clock(data.until, data.now)} UTC</time>
          </span>
          <button type="button" data-live-toggle aria-pressed="true" hidden>
            Live
          </button>
        </p>
      </div>
      {done ? (
        <p class="done" role="status">
          {done}
        </p>
      ) : null}
      <Troubles data={data} />
      <Tiles data={data} query={query} />
      <Timeline data={data} />
      <Identities data={data} query={query} />
      <RateLimit data={data} />
      <Events data={data} />
      <div class="columns">
        <div>
          <Sources data={data} />
          <Fallbacks data={data} />
        </div>
        <div>
          <Repositories data={data} />
          <Routes data={data} />
        </div>
      </div>
      <Callers data={data} query={query} />
      <Requests data={data} query={query} />
      <div class="columns">
        <div>
          <Cache data={data} query={query} />
          <Proofs data={data} />
        </div>
        <div>
          <Activity data={data} />
          <Changes data={data} />
        </div>
      </div>
      <Guides site={docs} pages={guides} />
    </Page>
  );
}

function Window({ query }: { readonly query: DashboardQuery }) {
  return (
    <nav class="windows" aria-label="Window">
      {windows.map((since) => (
        <a href={dashboardHref({ ...query, since })} aria-current={since === query.since ? "page" : undefined}>
          {since}
        </a>
      ))}
    </nav>
  );
}

function Pools({ data, query }: { readonly data: Dashboard; readonly query: DashboardQuery }) {
  return (
    <nav class="windows" aria-label="Pool">
      {data.pools.map((pool) => (
        <a href={dashboardHref({ pool, since: query.since })} aria-current={pool === data.pool ? "page" : undefined}>
          {pool}
        </a>
      ))}
    </nav>
  );
}
