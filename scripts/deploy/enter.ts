/** First step: the Cloudflare login, the account, its plan, and the resources that exist. */
import { type CloudflareAccount, chooseAccount } from "./account.ts";
import { type Configuration, type Edit, edits } from "./configuration.ts";
import type { RelayDeployment } from "./deployment.ts";
import { bundleSize, type CloudflarePlan, describeBundle, describePlan, readPlan } from "./plan.ts";
import { readLogin, readState, type State, unknownState } from "./state.ts";
import type { Wrangler } from "./wrangler.ts";

interface Entered {
  /** In the account. */
  readonly wrangler: Wrangler;
  readonly state: State;
  /** False in a dry run only. */
  readonly loggedIn: boolean;
  /** The account, where it was chosen. */
  readonly edits: readonly Edit[];
}

/**
 * A dry run that cannot learn the state goes on as if nothing were there.
 *
 * @throws Error when there is no terminal to log in or to choose the account at
 */
export async function enter(deployment: RelayDeployment, configuration: Configuration): Promise<Entered> {
  const { wrangler, config, dryRun, say } = deployment;
  const inside = await goIn(deployment, configuration).catch((error: unknown) => {
    if (!dryRun) throw error;
    say(`not told, so as if nothing were there: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  if (inside) return inside;
  await tellBundle(deployment, wrangler, "free");
  return { wrangler, state: await unknownState(config, configuration), loggedIn: false, edits: [] };
}

async function goIn(deployment: RelayDeployment, configuration: Configuration): Promise<Entered | undefined> {
  const { wrangler, config, say } = deployment;
  const accounts = await logIn(deployment);
  if (!accounts) {
    say("account, plan and existing parts: told after the login");
    return undefined;
  }
  const { account, chosen } = await chooseAccount(accounts, configuration.account, deployment.asker);
  say(`account: ${account.name} (${account.id})`);
  const inside = wrangler.inAccount(account.id);
  const [state, plan] = await Promise.all([
    readState(inside, config, configuration),
    readPlan(inside, account.id, deployment.api),
  ]);
  say(`plan: ${describePlan(plan, account.id)}`);
  await tellBundle(deployment, inside, plan);
  return { wrangler: inside, state, loggedIn: true, edits: chosen ? [edits.account(account.id)] : [] };
}

async function tellBundle({ say }: RelayDeployment, wrangler: Wrangler, plan: CloudflarePlan): Promise<void> {
  const bytes = await bundleSize(wrangler);
  if (bytes !== undefined) say(`Worker: ${describeBundle(bytes, plan)}`);
}

/** @returns the accounts that the login sees; undefined in a dry run without one */
async function logIn({
  wrangler,
  asker,
  dryRun,
  say,
}: RelayDeployment): Promise<readonly CloudflareAccount[] | undefined> {
  const { loggedIn, accounts } = await readLogin(wrangler);
  if (loggedIn) return accounts;
  say("not logged in to Cloudflare");
  if (!dryRun && !asker.interactive) {
    throw new Error(
      "there is no terminal to log in from. Set CLOUDFLARE_API_TOKEN; docs/self-hosting.md lists its permissions.",
    );
  }
  await wrangler.change(["login"], { terminal: true });
  if (dryRun) return undefined;
  const after = await readLogin(wrangler);
  if (!after.loggedIn) throw new Error("still not logged in. Without a browser here: npx wrangler login --device");
  return after.accounts;
}
