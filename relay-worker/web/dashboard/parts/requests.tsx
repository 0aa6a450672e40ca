/** Recent requests, with filters that work without a script, and the operators' changes. */
import type { AuditEvent } from "../../../../shared/admin.ts";
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { auditedOutcomes } from "../../../../shared/envelope.ts";
import { auditResults, deniedAction } from "../../../audit/list.ts";
import { clock, words } from "../format.ts";
import { type DashboardQuery, dashboardHref } from "../query.ts";
import { numeric, Section, Table } from "./section.tsx";

interface Props {
  readonly data: Dashboard;
  readonly query: DashboardQuery;
}

export function Requests({ data, query }: Props) {
  const { events, next_cursor: next } = data.requests;
  return (
    <section class="card" aria-labelledby="requests-title" id="requests">
      <header>
        <h2 id="requests-title">Recent requests</h2>
        <p class="quiet">of the last {query.since}</p>
      </header>
      <Filters data={data} query={query} />
      <div id="requests-list" class="live-part" data-live>
        <Table
          label="Recent requests"
          stack
          columns={["Time (UTC)", "Caller", "Machine", "Read", "Answer", "By", numeric("GitHub"), numeric("ms")]}
          ids={events.map(({ id }) => `request-${id}`)}
          rows={events.map((event) => [
            <time datetime={event.at}>{clock(event.at, data.now)}</time>,
            data.logins[event.caller ?? ""] ?? event.caller ?? "",
            event.client ?? "",
            words(event.target ?? ""),
            answer(event),
            event.identity ?? words(event.backend ?? ""),
            String(event.github_calls),
            String(event.duration_ms),
          ])}
          empty={next ? "None among these; older ones may match." : "No request matches."}
        />
        <p class="pages">
          {query.cursor ? <a href={`${dashboardHref(query)}#requests`}>Newest</a> : null}
          {next ? <a href={`${dashboardHref(query, { cursor: next })}#requests`}>Older</a> : null}
        </p>
      </div>
    </section>
  );
}

function answer({ status, cache, coalesced, fallback_reason: reason, error_code: code }: AuditEvent) {
  if (reason) return <span class="badge fallback">{words(reason)}</span>;
  if (status >= 400) return <span class="badge error">{`${status} ${words(code ?? "")}`}</span>;
  return <span class={`badge ${cache ?? ""}`}>{coalesced ? "shared read" : (cache ?? String(status))}</span>;
}

function Filters({ data, query: { pool, since, filter } }: Props) {
  const routes = data.stats.routes.map(({ route_kind: kind }) => [kind, words(kind)] as const);
  const clients = [...new Set(data.stats.clients.map(({ client }) => client))];
  return (
    <form class="filters" method="get" action="/dashboard#requests" aria-label="Filter the requests">
      <input type="hidden" name="pool" value={pool} />
      <input type="hidden" name="since" value={since} />
      <Choice
        name="caller"
        label="Caller"
        chosen={filter.caller}
        options={data.callers.map((each) => [each.id, each.github_login])}
      />
      <Choice
        name="client"
        label="Machine"
        chosen={filter.client}
        options={clients.map((client) => [client, client])}
      />
      <Choice name="route" label="Route" chosen={filter.route} options={routes} />
      <Choice
        name="cache"
        label="Cache"
        chosen={filter.cache}
        options={auditedOutcomes.map((outcome) => [outcome, outcome])}
      />
      <Choice
        name="result"
        label="Result"
        chosen={filter.result}
        options={auditResults.map((result) => [result, resultNames[result]])}
      />
      <button type="submit">Filter</button>
      {Object.values(filter).some(Boolean) ? <a href={`${dashboardHref({ pool, since })}#requests`}>Clear</a> : null}
    </form>
  );
}

const resultNames = { ok: "answered", fallback: "answered by own gh", error: "refused or failed" } as const;

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly chosen: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
}

function Choice({ name, label, chosen, options }: ChoiceProps) {
  const known = options.some(([value]) => value === chosen);
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">all</option>
        {chosen && !known ? (
          <option value={chosen} selected>
            {chosen}
          </option>
        ) : null}
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The trail holds callers' ids; people know their logins. */
function named(target: string | null, logins: Dashboard["logins"]): string | undefined {
  // A revoked token is known by its machine; rows of older relays have only its id.
  return target?.replace(/\btoken_[\w-]+ (?=.)/, "").replace(/\bcaller_[\w-]+/, (id) => logins[id] ?? id);
}

export function Changes({ data }: { readonly data: Dashboard }) {
  const { logins, now } = data;
  return (
    <Section id="changes" title="Operators’ changes" fold note="all pools">
      <Table
        label="Operators’ changes"
        columns={["Time (UTC)", "Change", "Of", "By"]}
        rows={data.changes.map(({ at, action, target, caller, pool }) => [
          <time datetime={at}>{clock(at, now)}</time>,
          words(action.replace(".", " ")),
          [pool, named(target, logins)].filter(Boolean).join(": "),
          caller ? (logins[caller] ?? caller) : action === deniedAction ? "a wrong token" : "operator’s token",
        ])}
        empty="No operator changed anything in the last 30 days."
      />
    </Section>
  );
}
