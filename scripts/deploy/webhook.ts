/** The App's webhook: GitHub tells the relay of changes. Its address and secret are set here; its events only on GitHub's page. */
import { createHmac } from "node:crypto";
import { neededEvents } from "../../shared/events/families.ts";
import { hooksPath } from "../../shared/events/names.ts";
import type { DeployAnswers } from "./answers.ts";
import { askYesNo, type Prompter } from "./ask.ts";
import type { GitHubSetup } from "./github.ts";
import { makeToken, secretRows } from "./secrets.ts";
import type { Verification } from "./verify.ts";

/** The App whose webhook is set, with the secret that its deliveries will be signed with. */
export interface Webhook {
  readonly appId: string;
  /** Its private key, PKCS#8. */
  readonly key: string;
  readonly secret: string;
}

export const webhookSecret = "OCTOPOOL_WEBHOOK_SECRET";

export const webhookVariable = [
  "POOL_APP_WEBHOOK",
  "Have GitHub tell the relay of changes by the App's webhook (y or n)",
] as const;

interface Asking {
  readonly asker: Prompter;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
}

/**
 * Asked where the App's key was just given; with the variable, a webhook is set anew.
 * @throws Error for a wrong answer of the environment; Stopped
 */
export async function gatherWebhook(
  { asker, dryRun, say }: Asking,
  { given, asked }: DeployAnswers,
): Promise<Webhook | undefined> {
  const [name, text] = webhookVariable;
  const answered = asker.answered(name);
  if (dryRun && !answered) {
    if (asked.has("POOL_APP_KEY")) say(`would ask: ${name.padEnd(26)} ${text}:`);
    return undefined;
  }
  if (!answered && !(asker.interactive && given.has("POOL_APP_KEY"))) return undefined;
  const question = "Have GitHub tell the relay of changes at once, by the App's webhook? Y/n:";
  if (!(await askYesNo(asker, { name, text: question }))) return undefined;
  const known = async (wanted: string) => {
    const row = secretRows.find((each) => each.name === wanted);
    return given.get(wanted) ?? (row && asker.answered(wanted) ? await asker.ask(row) : "");
  };
  const [appId, key] = [await known("OCTOPOOL_GITHUB_APP_ID"), await known("POOL_APP_KEY")];
  if (!dryRun && (appId === "" || key === ""))
    throw new Error(`${name} needs OCTOPOOL_GITHUB_APP_ID and POOL_APP_KEY: the App is asked as itself.`);
  const own = asker.answered(webhookSecret) ? await asker.ask({ name: webhookSecret, text: "", hidden: true }) : "";
  return { appId, key, secret: own || makeToken() };
}

interface Setting {
  readonly origin: string;
  readonly dryRun: boolean;
  readonly github: Pick<GitHubSetup, "setWebhook">;
  readonly fetch: typeof globalThis.fetch;
  readonly verification: Pick<Verification, "now" | "wait">;
  readonly say: (line: string) => void;
}

/** A new secret reaches every place of the Worker within seconds. */
const patienceMs = 60_000;
const pauseMs = 2_000;

/** @returns the failures, for people; empty when the relay takes GitHub's deliveries. Never throws: the relay is up. */
export async function setWebhook({ appId, key, secret }: Webhook, setting: Setting): Promise<readonly string[]> {
  const { origin, dryRun, github, say } = setting;
  const url = `${origin}${hooksPath}`;
  if (dryRun) {
    say(`would set: the App's webhook to ${url}, and send it a signed ping`);
    return [];
  }
  try {
    const { slug, events, permissions } = await github.setWebhook(appId, key, { url, secret });
    await ping(url, secret, setting);
    say(`the App ${slug}'s webhook leads to ${url}; a signed ping was taken there`);
    const unread = Object.keys(neededPermissions).filter((permission) => !(permission in permissions));
    if (unread.length > 0)
      say(`Permissions that the App lacks, read-only: ${unread.map((each) => neededPermissions[each]).join(", ")}`);
    const missing = neededEvents.filter((event) => !events.includes(event));
    if (missing.length > 0) say(`Events that are not ticked yet: ${missing.join(", ")}`);
    if (unread.length + missing.length > 0) say("Both are on the App's page, under Permissions & events.");
    say("On the App's page, General, Webhook: *Active* must be ticked; GitHub lets no program do that.");
    return [];
  } catch (error) {
    return [`the App's webhook is not set: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** By GitHub's names in answers and on its page. docs/identities.md has the reasons. */
const neededPermissions: Readonly<Record<string, string>> = {
  actions: "Actions",
  checks: "Checks",
  contents: "Contents",
  deployments: "Deployments",
  issues: "Issues",
  metadata: "Metadata",
  pull_requests: "Pull requests",
  statuses: "Commit statuses",
};

/** As GitHub sends one. @throws Error when the relay does not take it in time */
async function ping(url: string, secret: string, { fetch, verification }: Setting): Promise<void> {
  const body = JSON.stringify({ zen: "Approachable is better than simple.", hook_id: 0 });
  const end = verification.now() + patienceMs;
  for (;;) {
    const status = await fetch(url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "octopool-deploy",
        "x-github-event": "ping",
        "x-github-delivery": `deploy-${makeToken()}`,
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
      signal: AbortSignal.timeout(10_000),
    }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 204) return;
    if (verification.now() + pauseMs > end)
      throw new Error(`${url} ${status === 0 ? "does not answer" : `answers ${status}`} to a signed ping`);
    await verification.wait(pauseMs);
  }
}
