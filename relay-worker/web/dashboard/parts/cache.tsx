/** The cache's entries and the visibility checks. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { routes as allRoutes } from "../../../../shared/routes/index.ts";
import { actionPath } from "../actions.ts";
import { bytes, figure, span, words } from "../format.ts";
import type { DashboardQuery } from "../query.ts";
import { numeric, Section, Table } from "./section.tsx";

export function Cache({ data, query }: { readonly data: Dashboard; readonly query: DashboardQuery }) {
  const { cache, stats } = data;
  return (
    <Section
      id="cache"
      title="Cache"
      fold
      note={`${figure(stats.cache.entries)} entries, ${bytes(stats.cache.bytes)} in D1`}
      still={<Purge {...query} />}
    >
      <Table
        label="Cache by route"
        columns={["Route", numeric("Entries"), numeric("Fresh"), numeric("Size")]}
        rows={cache.map(({ route_kind: kind, entries, fresh, bytes: size }) => [
          words(kind),
          figure(entries),
          figure(fresh),
          bytes(size),
        ])}
        empty="The cache is empty."
      />
    </Section>
  );
}

/** Names either a repository or a route; the next page describes the effects. */
function Purge({ pool, since }: Pick<DashboardQuery, "pool" | "since">) {
  return (
    <form class="filters" method="get" action={actionPath("cache.purge")} aria-label="Purge the cache">
      <input type="hidden" name="pool" value={pool} />
      <input type="hidden" name="since" value={since} />
      <label>
        Repository
        <input name="repo" placeholder="owner/name" autocomplete="off" spellcheck={false} />
      </label>
      <label>
        or route
        <select name="route">
          <option value="">–</option>
          {allRoutes.map(({ kind }) => (
            <option value={kind}>{words(kind)}</option>
          ))}
        </select>
      </label>
      <button type="submit">Purge…</button>
    </form>
  );
}

const verdicts: Readonly<Record<string, string>> = { public: "public", not_public: "not public", moved: "moved" };

export function Proofs({ data }: { readonly data: Dashboard }) {
  const { proofs, now } = data;
  return (
    <Section
      id="proofs"
      title="Repository visibility"
      fold
      note={`${figure(proofs.public)} public, ${figure(proofs.not_public)} not, ${figure(proofs.moved)} moved; in force now`}
    >
      <Table
        label="Latest visibility checks"
        columns={["Repository", "Verdict", "Checked", "Holds"]}
        rows={proofs.recent.map(({ repo, verdict, checked_at, expires_at }) => [
          repo,
          verdicts[verdict] ?? verdict,
          `${span(checked_at, now)} ago`,
          expires_at > now ? span(now, expires_at) : "expired",
        ])}
        empty="No repository has been checked yet."
      />
    </Section>
  );
}
