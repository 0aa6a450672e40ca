/** The endpoints that people's browsers use. */
import { dashboardSchema, meSchema } from "../../shared/dashboard.ts";
import { auditedOutcomes } from "../../shared/envelope.ts";
import { type Endpoint, ofMember, ofSession, paging, since } from "./endpoint.ts";

/** The actions of the dashboard, with the fields of their forms. */
export const actions: Readonly<Record<string, string>> = {
  "identity.disable": "`pool`, `id`",
  "identity.enable": "`pool`, `id`",
  "identity.weight": "`pool`, `id`, `weight`: 0.01 to 1000",
  "caller.disable": "`pool`, `id`",
  "caller.enable": "`pool`, `id`",
  "cache.purge": "`pool`, and `repo` or `route`",
};

const actionNotes = [
  `\`:action\` is one of: ${Object.entries(actions)
    .map(([name, fields]) => `\`${name}\` (${fields})`)
    .join("; ")}.`,
];

const view = {
  pool: "The relay's default pool when absent.",
  since,
  caller: "A caller's id.",
  client: "A machine's name.",
  route: "A route kind.",
  cache: `${auditedOutcomes.map((outcome) => `\`${outcome}\``).join(", ")}; others count as absent.`,
  result: "`ok`, `fallback`, `error`; others count as absent.",
  cursor: paging.cursor,
};

export const browsers: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/login/github",
    auth: "none",
    does: "Leads to GitHub to sign in, from the host that the OAuth app knows.",
    status: "302",
    query: { next: "A path on this host to come back to; `/dashboard` when absent or over 1,024 characters." },
    errors: ["oauth_unconfigured"],
  },
  {
    method: "GET",
    path: "/login/github/callback",
    auth: "none",
    does: "Where GitHub sends the browser back to; leads to `next` with a session of 14 days.",
    status: "302",
    query: {
      code: "GitHub's code.",
      state: "The state that this host signed, within ten minutes and in this browser.",
    },
    notes: ["Counts as an attempt, like a login by `octopool login`."],
    errors: [
      "oauth_unconfigured",
      "csrf_denied",
      "login_rate_limited",
      "github_auth_failed",
      "github_unreachable",
      "org_member_denied",
      "org_verification_failed",
      "pool_denied",
      "github_identity_mismatch",
    ],
  },
  {
    method: "POST",
    path: "/logout",
    auth: "session",
    does: "Ends the session and leads to `/`; without one, it only leads there.",
    status: "303",
    form: { form_token: "Of the page that was shown to this session." },
    errors: ["csrf_denied", "unsupported_media_type", "payload_too_large"],
  },
  {
    method: "GET",
    path: "/dashboard",
    auth: "session",
    does: "The operator's view, a page. A browser that is not signed in gets a 302 to `/login/github`.",
    query: view,
    errors: [...ofMember, "dashboard_denied", "invalid_window", "invalid_request"],
  },
  {
    method: "GET",
    path: "/dashboard/actions/:action",
    auth: "session",
    does: "Asks once more before a change. A browser that is not signed in gets a 302 to `/login/github`.",
    notes: actionNotes,
    errors: [...ofMember, "dashboard_denied", "invalid_request"],
  },
  {
    method: "POST",
    path: "/dashboard/actions/:action",
    auth: "session",
    does: "Changes it and leads to the dashboard.",
    status: "303",
    form: { form_token: "Of the page that was shown to this session.", "…": "The action's own fields." },
    errors: [...ofSession, "csrf_denied", "unsupported_media_type", "payload_too_large", "invalid_request"],
  },
  {
    method: "GET",
    path: "/assets/:tag/:name",
    auth: "none",
    does: "Style, script and icon of the pages, under names that change with their content: kept for a year.",
    errors: [],
  },
  {
    method: "GET",
    path: "/v1/me",
    auth: "session",
    does: "The account of this session.",
    answer: meSchema,
    errors: ofSession,
  },
  {
    method: "GET",
    path: "/v1/dashboard",
    auth: "session",
    does: "The operator's view as JSON.",
    query: view,
    answer: dashboardSchema,
    errors: [...ofSession, "invalid_window", "invalid_request"],
  },
];
