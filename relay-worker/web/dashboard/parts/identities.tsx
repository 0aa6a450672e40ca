/** Pool health: each identity with its budgets, its cooldowns and the operator's actions. */
import type { Dashboard, DashboardBudget, DashboardIdentity, IdentityState } from "../../../../shared/dashboard.ts";
import { exhaustedAt } from "../../../../shared/stats.ts";
import { actionHref } from "../actions.ts";
import { clock, figure, span, words } from "../format.ts";
import type { DashboardQuery } from "../query.ts";
import { Bar, Section, Table } from "./section.tsx";

export function Identities({ data, query }: { readonly data: Dashboard; readonly query: DashboardQuery }) {
  const { identities, anonymous, now } = data;
  return (
    <Section id="identities" title="Identities" note={policyNote(data)}>
      {identities.length === 0 ? (
        <p class="empty">
          The pool has no identity yet, so it can only answer reads that GitHub allows without a token.{" "}
          <code>octopool admin identity add</code>
        </p>
      ) : null}
      <ul class="identities">
        {identities.map((identity) => (
          <Identity identity={identity} query={query} now={now} />
        ))}
        {anonymous.length > 0 ? (
          <li>
            <h3>No credential</h3>
            <p class="quiet">60 an hour for the relay’s address, shared with strangers</p>
            {anonymous.map((budget) => (
              <BudgetBar budget={budget} now={now} />
            ))}
          </li>
        ) : null}
      </ul>
    </Section>
  );
}

function policyNote({ health }: Dashboard): string {
  return `${health.identities_healthy ?? "unknown"} of ${health.identities_total} healthy · policy version ${health.policy_version}`;
}

const states: Readonly<Record<IdentityState, string>> = {
  ready: "ready",
  limited: "ready in part",
  exhausted: "used up",
  cooling: "cooling down",
  disabled: "disabled",
};

interface IdentityProps {
  readonly identity: DashboardIdentity;
  readonly query: DashboardQuery;
  readonly now: string;
}

function Identity({ identity, query: { pool, since }, now }: IdentityProps) {
  const { id, kind, login, weight, disabled, budgets, cooldowns, scopes, state } = identity;
  return (
    <li class={disabled ? "off" : undefined}>
      <h3>
        {id} <span class={`badge ${state ?? ""}`}>{state ? states[state] : "unknown"}</span>
      </h3>
      <p class="quiet">
        {kind === "github_app" ? "GitHub App" : "token of"} {login} · weight {weight} ·{" "}
        {scopes
          .map(({ owner, repo }) => (repo ? `${owner}/${repo}` : owner === "*" ? "any public repository" : owner))
          .join(", ")}
      </p>
      {budgets.length === 0 ? <p class="quiet">GitHub has not reported its rate limit in this hour.</p> : null}
      {budgets.map((budget) => (
        <BudgetBar budget={budget} now={now} />
      ))}
      {cooldowns.map(({ scope, target, until, cause }) => (
        <p class="cooldown">
          {scope}
          {target ? ` ${target}` : ""} cools for {span(now, until)}: {words(cause)}
        </p>
      ))}
      <p class="actions">
        <a href={actionHref(disabled ? "identity.enable" : "identity.disable", { pool, since, id })}>
          {disabled ? "Enable" : "Disable"}
          <span class="unseen"> {id}</span>
        </a>
        <a href={actionHref("identity.weight", { pool, since, id, weight: String(weight) })}>
          Change weight<span class="unseen"> {id}</span>
        </a>
      </p>
    </li>
  );
}

function BudgetBar({ budget, now }: { readonly budget: DashboardBudget; readonly now: string }) {
  const { resource, limit, remaining, reset_at } = budget;
  const share = limit > 0 ? remaining / limit : 0;
  const at = exhaustedAt(budget, Date.parse(now));
  const out =
    at === undefined || remaining <= 0
      ? undefined
      : `runs out in ${span(now, new Date(at).toISOString())} at this rate`;
  return (
    <div class="budget">
      <span>{words(resource)}</span>
      <Bar share={share} tone={share < 0.1 ? "low" : share < 0.3 ? "middling" : "well"} />
      <span class="number">
        {figure(remaining)} of {figure(limit)}
      </span>
      <span class={out === undefined ? "quiet" : "runs-out"}>
        {out === undefined ? "" : `${out}, `}reset in {span(now, reset_at)}
      </span>
    </div>
  );
}

/** A busy pool has hundreds, each for seconds. */
const shownLeases = 8;

export function Activity({ data }: { readonly data: Dashboard }) {
  const { leases, fills, now } = data;
  return (
    <Section id="activity" title="In progress" fold note="identities in use, and reads of GitHub">
      <Table
        label="Leases"
        columns={["Route", "Identity", "For"]}
        rows={leases
          .slice(0, shownLeases)
          .map(({ route, identity, expires_at }) => [route.replace(/^\S+/, words), identity, span(now, expires_at)])}
        empty="No identity is in use right now."
      />
      {leases.length > shownLeases ? <p class="quiet">and {figure(leases.length - shownLeases)} more</p> : null}
      <Table
        label="Reads in progress"
        columns={["Read", "Since", "Waiting"]}
        rows={fills.map(({ key, started_at, followers }) => [
          key.slice(0, 12),
          clock(started_at, now),
          figure(followers),
        ])}
        empty="No read of GitHub is in progress."
      />
    </Section>
  );
}
