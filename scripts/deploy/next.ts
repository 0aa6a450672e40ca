/** What the operator types next. */

export interface Relay {
  readonly origin: string;
  readonly tokenFile: string;
  /** Whether the pool can use a GitHub App. */
  readonly app: boolean;
  /** Whether people can sign in to the dashboard. */
  readonly dashboard: boolean;
}

const appIdentity =
  "octopool admin identity add app --kind github_app --login APP-SLUG --installation-id N --secret-ref POOL_APP_KEY --scope '*'";
const tokenIdentity = "octopool admin identity add bot --login BOT-LOGIN --secret-ref BOT_TOKEN --scope '*'";

/** One line that exports, and three commands. No secret is among them: the token is read from its file. */
export function nextCommands({ origin, tokenFile, app, dashboard }: Relay): string {
  const commands = [
    `export OCTOPOOL_URL=${origin} OCTOPOOL_ADMIN_TOKEN="$(cat ${quoted(tokenFile)})"`,
    app ? appIdentity : tokenIdentity,
    `octopool login ${origin}`,
    "octopool admin caller grant-dashboard YOUR-LOGIN",
  ];
  const notes = [
    ...(app ? [] : ["BOT_TOKEN is a secret that you put first: npx wrangler secret put BOT_TOKEN"]),
    ...(dashboard ? [`The OAuth app's callback address: ${origin}/login/github/callback`] : []),
  ];
  const lines = ["", `The relay is at ${origin}. Next, as its operator:`, "", ...commands.map((line) => `  ${line}`)];
  return [...lines, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}

const quoted = (path: string) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
