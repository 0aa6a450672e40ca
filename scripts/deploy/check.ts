/** `npm run deploy -- --check`: what is missing, and what to do about it. */
import { secretRows } from "./secrets.ts";
import type { State } from "./state.ts";

export interface Finding {
  readonly what: string;
  /** `missing` keeps the relay from working; `optional` from doing all it could. */
  readonly state: "ok" | "missing" | "optional";
  readonly advice?: string;
}

export function findings(state: State): Finding[] {
  if (!state.loggedIn) return [{ what: "Cloudflare login", state: "missing", advice: "npx wrangler login" }];
  const { database, configured, organisation, pendingMigrations } = state;
  const found: Finding[] = [
    { what: `Cloudflare login (${state.account})`, state: "ok" },
    yes("D1 database octopool", database !== undefined, "npm run deploy makes it"),
    yes(
      "wrangler.jsonc names it",
      database !== undefined && configured === database,
      "npm run deploy writes database_id",
    ),
    yes("migrations", pendingMigrations.length === 0, `npm run deploy applies ${pendingMigrations.join(", ")}`),
    yes("ALLOWED_GITHUB_ORG", organisation !== "", "npm run deploy asks for it; without it nobody may log in"),
  ];
  const secrets = secretRows
    .filter(({ wanted }) => wanted?.(state) ?? true)
    .map(({ name, required, without }): Finding => {
      if (state.secrets.includes(name)) return { what: `secret ${name}`, state: "ok" };
      return { what: `secret ${name}`, state: required ? "missing" : "optional", advice: `without it: no ${without}` };
    });
  const browser: Finding[] =
    state.oauthClient === ""
      ? [{ what: "GITHUB_OAUTH_CLIENT_ID", state: "optional", advice: "without it: no signing in to the dashboard" }]
      : [];
  return [...found, ...secrets, ...browser];
}

function yes(what: string, holds: boolean, advice: string): Finding {
  return holds ? { what, state: "ok" } : { what, state: "missing", advice };
}

const marks = { ok: "✓", missing: "✗", optional: "–" } as const;

export function render(found: readonly Finding[]): string {
  return found.map(({ what, state, advice }) => `${marks[state]} ${what}${advice ? `: ${advice}` : ""}`).join("\n");
}
