/** The deployment, step by step. Each step looks whether it is done already. */

import { join } from "node:path";
import { execa } from "execa";
import type { Asker } from "./ask.ts";
import { type Values, writeValues } from "./configuration.ts";
import { secretRows, secretValue } from "./secrets.ts";
import { databaseName, readState, type State } from "./state.ts";
import { keepToken } from "./token-file.ts";
import type { Wrangler } from "./wrangler.ts";

export interface Deployment {
  readonly wrangler: Wrangler;
  readonly asker: Asker;
  readonly config: string;
  readonly dryRun: boolean;
  readonly tokenFile: string;
  readonly say: (line: string) => void;
}

/** @throws Error that says which step failed and what wrangler said */
export async function deploy(deployment: Deployment): Promise<void> {
  const { wrangler, dryRun, config, say } = deployment;
  const state = await logIn(deployment, await readState(wrangler, config));
  const database = await findOrCreateDatabase(deployment, state);
  const oauthClient = await setVariables(deployment, state, database);
  await wrangler.change(["d1", "migrations", "apply", databaseName, "--remote"]);
  const { stdout } = await wrangler.change(["deploy"]);
  const origin = /https:\/\/[\w.-]+\.workers\.dev|https?:\/\/127\.0\.0\.1:\d+/.exec(stdout)?.[0];
  await putSecrets(deployment, { ...state, oauthClient });
  if (dryRun) say("would run: npm run e2e   (OCTOPOOL_E2E_HOST = the address that wrangler tells)");
  else await verify(origin, say);
  say(nextCommands(origin ?? "https://octopool.<your-subdomain>.workers.dev", deployment.tokenFile));
}

async function logIn({ wrangler, dryRun, config, say }: Deployment, state: State): Promise<State> {
  if (state.loggedIn) {
    say(`logged in to Cloudflare: ${state.account}`);
    return state;
  }
  say("not logged in to Cloudflare");
  await wrangler.interactive(["login"]);
  const after = dryRun ? state : await readState(wrangler, config);
  if (!after.loggedIn && !dryRun) throw new Error("Still not logged in. In CI, set CLOUDFLARE_API_TOKEN instead.");
  return after;
}

async function findOrCreateDatabase({ wrangler, dryRun, config, say }: Deployment, state: State): Promise<string> {
  if (state.configured && state.database && state.configured !== state.database) {
    throw new Error(
      `wrangler.jsonc names the database ${state.configured}, but this account's ${databaseName} is ${state.database}. ` +
        "Log in to the right account, or correct database_id.",
    );
  }
  if (state.database) {
    say(`D1 database ${databaseName}: ${state.database}`);
    return state.database;
  }
  await wrangler.change(["d1", "create", databaseName]);
  const made = dryRun ? "<its id>" : (await readState(wrangler, config)).database;
  if (!made) throw new Error("wrangler created the database, but does not list it. Run this again.");
  return made;
}

/** @returns the OAuth app's client id */
async function setVariables(
  { asker, dryRun, config, say }: Deployment,
  state: State,
  database: string,
): Promise<string> {
  const ask = async (name: string, text: string, known: string) => known || (await asker.ask({ name, text }));
  const organisation = await ask(
    "ALLOWED_GITHUB_ORG",
    "The GitHub organisation whose members may log in:",
    state.organisation,
  );
  const oauthClient = await ask(
    "GITHUB_OAUTH_CLIENT_ID",
    "The OAuth app's client id, for the dashboard; Enter skips:",
    state.oauthClient,
  );
  const wanted: Values = {
    database_id: database,
    ...(organisation ? { ALLOWED_GITHUB_ORG: organisation } : {}),
    ...(oauthClient ? { GITHUB_OAUTH_CLIENT_ID: oauthClient } : {}),
  };
  if (dryRun)
    say(
      `would write: ${Object.entries(wanted)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ")} into wrangler.jsonc`,
    );
  else {
    const changed = await writeValues(config, wanted);
    say(changed.length > 0 ? `wrote ${changed.join(", ")} into wrangler.jsonc` : "wrangler.jsonc is as it should be");
  }
  if (!organisation) say("no organisation: nobody may log in until ALLOWED_GITHUB_ORG is set");
  return oauthClient;
}

async function putSecrets({ wrangler, asker, dryRun, tokenFile, say }: Deployment, state: State): Promise<void> {
  for (const row of secretRows) {
    if (state.secrets.includes(row.name)) {
      say(`secret ${row.name} is there`);
      continue;
    }
    if (row.wanted && !row.wanted(state)) continue;
    // A dry run asks for no secret: it would have no use for it.
    const value = dryRun ? "" : await secretValue(row, asker);
    if (value === undefined) {
      say(`secret ${row.name} skipped: no ${row.without}`);
      continue;
    }
    // Kept first: a token that nobody knows would lock the operator out.
    if (row.generate && !dryRun) await keepToken(tokenFile, value);
    await wrangler.change(["secret", "put", row.name], value);
  }
}

async function verify(origin: string | undefined, say: (line: string) => void): Promise<void> {
  if (!origin) {
    say("wrangler told no address: verify with OCTOPOOL_E2E_HOST=your.host npm run e2e");
    return;
  }
  const script = join(import.meta.dirname, "../e2e.ts");
  const { exitCode, stdout, stderr } = await execa(process.execPath, [script], {
    env: { OCTOPOOL_E2E_HOST: origin },
    reject: false,
  });
  say(`${stdout}\n${stderr}`.trim());
  if (exitCode !== 0)
    throw new Error(`${origin} does not answer as a relay should. A new address may need a minute: run this again.`);
}

function nextCommands(origin: string, file: string): string {
  return `
The relay is at ${origin}. Next, as its operator:

  export OCTOPOOL_URL=${origin} OCTOPOOL_ADMIN_TOKEN=$(cat ${file})
  octopool admin identity add app --kind github_app --login APP-SLUG --installation-id N --secret-ref POOL_APP_KEY --scope '*'
  octopool login ${origin}
  octopool admin caller grant-dashboard YOUR-LOGIN`;
}
