/** The callers of the pool. */
import type { Dashboard } from "../../../../shared/dashboard.ts";
import { actionHref } from "../actions.ts";
import { figure } from "../format.ts";
import { type DashboardQuery, dashboardHref } from "../query.ts";
import { numeric, Section, Table, unseen } from "./section.tsx";

export function Callers({ data, query }: { readonly data: Dashboard; readonly query: DashboardQuery }) {
  const { length: shown } = data.callers;
  const { callers_total: total } = data;
  return (
    <Section
      id="callers"
      title="Callers"
      fold
      note={shown < total ? `${figure(shown)} of ${figure(total)}` : undefined}
    >
      <Table
        label="Callers"
        stack
        columns={[
          "Login",
          "State",
          numeric("Machines"),
          numeric("Requests"),
          numeric("Hits"),
          numeric("By own gh"),
          numeric("GitHub"),
          unseen("Actions"),
        ]}
        ids={data.callers.map(({ id }) => id)}
        rows={data.callers.map(({ id, github_login: login, disabled, dashboard_role: role, ...use }) => [
          <a
            href={`${dashboardHref({ pool: query.pool, since: query.since, filter: { ...none, caller: id } })}#requests`}
          >
            {login}
          </a>,
          <>
            {disabled ? <span class="badge disabled">disabled</span> : "active"}
            {role === "admin" ? ", operator" : ""}
          </>,
          ...[use.machines, use.requests, use.hits, use.fallbacks, use.github_calls].map(figure),
          <a
            href={actionHref(disabled ? "caller.enable" : "caller.disable", {
              pool: data.pool,
              since: query.since,
              id,
            })}
          >
            {disabled ? "Enable" : "Disable"}
            <span class="unseen"> {login}</span>
          </a>,
        ])}
        empty="No caller has logged in to this pool yet: octopool login"
      />
    </Section>
  );
}

const none: DashboardQuery["filter"] = {
  caller: undefined,
  client: undefined,
  route: undefined,
  cache: undefined,
  result: undefined,
};
