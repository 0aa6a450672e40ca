/** The deployment, step by step. Each step looks whether it is done already. */
import { type DeployAnswers, gather } from "./answers.ts";
import { type Configuration, type Edit, edits, readConfiguration, writeConfiguration } from "./configuration.ts";
import type { RelayDeployment } from "./deployment.ts";
import { enter } from "./enter.ts";
import { gatherFirstUse, putToUse } from "./first-use.ts";
import { nextCommands } from "./next.ts";
import { adminToken, makeToken, secretRows } from "./secrets.ts";
import { settingRows } from "./settings.ts";
import type { State } from "./state.ts";
import { findOrCreateDatabase, makeBucket, sameDatabase } from "./storage.ts";
import { keptToken } from "./token-file.ts";
import { verify } from "./verify.ts";
import { gatherWebhook, setWebhook, type Webhook, webhookSecret, webhookVariable } from "./webhook.ts";
import type { Wrangler } from "./wrangler.ts";

const titles = [
  "Cloudflare: login, account and plan",
  "Questions",
  "Database and logs",
  "wrangler.jsonc",
  "Migrations",
  "Secrets",
  "Deploy",
  "Smoke test",
  "Identity, operator and events",
];

/** @throws Error that names the failed step, with wrangler's message; Stopped at a question */
export async function deploy(deployment: RelayDeployment): Promise<void> {
  const { config, dryRun, say } = deployment;
  const step = (number: number) => deployment.step(number, titles.length, titles[number - 1] ?? "");

  step(1);
  const configuration = await readConfiguration(config);
  const { wrangler, state, loggedIn, edits: account } = await enter(deployment, configuration);
  if (loggedIn) sameDatabase(configuration, state);

  step(2);
  const answers = await gather(deployment, configuration, state.secrets);
  const firstUse = await gatherFirstUse(deployment, answers, !state.secrets.includes(adminToken));
  const webhook = await gatherWebhook(deployment, answers);
  if (answers.given.size === 0 && !dryRun) say("nothing to ask: all of it is known");

  step(3);
  const database = await findOrCreateDatabase(deployment, wrangler, configuration.databaseName, state.database);
  const bucket = answers.given.get("OCTOPOOL_LOGS_BUCKET") ?? configuration.logsBucket;
  if (bucket) await makeBucket(deployment, wrangler, bucket, loggedIn);

  step(4);
  if (answers.asked.size > 0) say("would write: the answers");
  await write(deployment, [...account, edits.database(database), ...answered(answers, configuration)]);

  step(5);
  if (state.pendingMigrations.length === 0) say("all are applied");
  else await wrangler.change(["d1", "migrations", "apply", configuration.databaseName, "--remote"]);

  // Before the Worker, so that it is never up without them: until then, a draft version without traffic holds them.
  step(6);
  await putSecrets(deployment, wrangler, state, { answers, webhook });

  step(7);
  const { record } = await wrangler.change(["deploy"], { terminal: deployment.asker.interactive });

  step(8);
  const host = answers.given.get("OCTOPOOL_HOST") ?? configuration.host;
  const origin = deployment.origin ?? (host ? `https://${host}` : record?.targets.find(isWorkersDev));
  if (dryRun) say(`would run: npm run e2e   (OCTOPOOL_E2E_HOST=${origin ?? "the address that wrangler tells"})`);
  else if (origin) await verify(origin, deployment.verification);
  else say("wrangler told no address: verify with OCTOPOOL_E2E_HOST=your.host npm run e2e");

  step(9);
  const address = origin ?? `https://${configuration.worker}.YOUR-SUBDOMAIN.workers.dev`;
  if (dryRun) say("would do: the answered steps; the commands below do it by hand");
  const done = await putToUse(dryRun || !origin ? nothing : firstUse, { ...deployment, origin: address });
  const unset = webhook && (origin || dryRun) ? await setWebhook(webhook, { ...deployment, origin: address }) : [];
  say(
    nextCommands({
      origin: address,
      dryRun,
      tokenFile: deployment.tokenFile,
      app: answers.has("OCTOPOOL_GITHUB_APP_ID"),
      installation: firstUse.installation,
      dashboard: answers.has("GITHUB_OAUTH_CLIENT_ID"),
      done,
    }),
  );
  if (done.problems.length > 0)
    throw new Error(`the relay is up, but ${done.problems.join(", and ")}. The commands above do it by hand.`);
  if (unset.length > 0)
    throw new Error(
      `the relay is up, but ${unset.join(", and ")}. Run this again with ${webhookVariable[0]}=y, the App's id and its ` +
        "key, or see docs/identities.md, *Events of the App*.",
    );
}

/** Where there is no relay to put to use. */
const nothing = { installation: undefined, operator: false };

const isWorkersDev = (target: string) => /^https:\/\/[\w.-]+\.workers\.dev$/.test(target);

function answered({ given }: DeployAnswers, configuration: Configuration): Edit[] {
  return settingRows.flatMap((row) => {
    const answer = given.get(row.name);
    return answer === undefined ? [] : row.edits(answer, configuration);
  });
}

async function write({ config, dryRun, say }: RelayDeployment, wanted: readonly Edit[]): Promise<void> {
  if (dryRun) {
    for (const { name, value } of wanted)
      say(`would write: ${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`);
    return;
  }
  const changed = await writeConfiguration(config, wanted);
  say(changed.length > 0 ? `wrote ${changed.join(", ")}` : "it is as it should be");
}

async function putSecrets(
  { dryRun, tokenFile, say }: RelayDeployment,
  wrangler: Wrangler,
  state: State,
  { answers: { given, asked }, webhook }: { readonly answers: DeployAnswers; readonly webhook: Webhook | undefined },
): Promise<void> {
  const secrets: Record<string, string> = webhook ? { [webhookSecret]: webhook.secret } : {};
  // Saved first: a token that is not saved would lock the operator out.
  if (!state.secrets.includes(adminToken)) secrets[adminToken] = dryRun ? "" : await keptToken(tokenFile, makeToken);
  for (const { name } of secretRows) {
    const value = given.get(name);
    if (value !== undefined) secrets[name] = value;
  }
  const names = [...Object.keys(secrets), ...secretRows.map(({ name }) => name).filter((name) => asked.has(name))];
  if (adminToken in secrets) say(`${adminToken}: ${dryRun ? "would be made and kept" : "kept"} in ${tokenFile}`);
  if (names.length === 0) return say("all are there");
  say(`${dryRun ? "would put" : "put"}: ${names.join(", ")}`);
  await wrangler.change(["secret", "bulk"], { secrets });
}
