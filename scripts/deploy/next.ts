/** The operator's next commands: steps that the deployment has not done already. */
import { identityCommand } from "./first-use.ts";
import type { AppInstallation } from "./github.ts";

interface Relay {
  readonly origin: string;
  /** Nothing has been made: the relay would be there. */
  readonly dryRun: boolean;
  readonly tokenFile: string;
  /** Whether the pool can use a GitHub App. */
  readonly app: boolean;
  /** The App's installation, where it is known. */
  readonly installation: AppInstallation | undefined;
  /** Whether people can sign in to the dashboard. */
  readonly dashboard: boolean;
  /** The steps that are done already. */
  readonly done: { readonly identity: boolean; readonly operator: boolean };
}

const appIdentity =
  "octopool admin identity add app --kind github_app --login APP-SLUG --installation-id N --secret-ref POOL_APP_KEY --scope '*'";
const tokenIdentity = [
  "npx wrangler secret put BOT_TOKEN   # a GitHub token of the bot",
  "octopool admin identity add bot --login BOT-LOGIN --secret-ref BOT_TOKEN --scope '*'",
];

/** Commands in the order in which they work. No secret is among them: the token is read from its file. */
export function nextCommands(relay: Relay): string {
  const { origin, dryRun, tokenFile, dashboard, done } = relay;
  const commands = [
    ...(done.identity ? [] : identityCommands(relay)),
    ...(done.operator ? [] : [`octopool login ${origin}`, "octopool admin caller grant-dashboard YOUR-LOGIN"]),
  ];
  const lines = [
    "",
    `The relay ${dryRun ? "would be" : "is"} at ${origin}. Next, as its operator:`,
    "",
    "  npm install -g octopool   # where it is not installed yet",
    `  export OCTOPOOL_URL=${origin} OCTOPOOL_ADMIN_TOKEN="$(cat ${quoted(tokenFile)})"`,
    ...(commands.length > 0 ? commands : ["octopool health"]).map((line) => `  ${line}`),
  ];
  const address = `The OAuth app's callback address: ${origin}/login/github/callback`;
  return [...lines, ...(dashboard ? ["", address] : [])].join("\n");
}

function identityCommands({ app, installation }: Relay): readonly string[] {
  if (installation === undefined) return app ? [appIdentity] : tokenIdentity;
  return [`octopool ${identityCommand(installation).join(" ").replace("*", "'*'")}`];
}

const quoted = (path: string) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
