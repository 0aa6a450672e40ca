/** `npm run deploy -- --check`: the parts that are there, those that are missing, and the remedies. */
import { chooseAccount } from "./account.ts";
import type { Prompter } from "./ask.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import type { RelayDeployment } from "./deployment.ts";
import { bundleLimits, bundleSize, type CloudflarePlan, describeBundle, describePlan, readPlan } from "./plan.ts";
import { adminToken, secretRows } from "./secrets.ts";
import { settingRows } from "./settings.ts";
import { readLogin, readState, type State } from "./state.ts";

interface Finding {
  readonly what: string;
  /** `missing` keeps the relay from working; `optional` from doing all it could. */
  readonly state: "ok" | "missing" | "optional";
  /** The remedy. */
  readonly advice?: string;
}

/** Asks Cloudflare, changes nothing. */
export async function check(
  deployment: Pick<RelayDeployment, "wrangler" | "asker" | "config" | "api">,
): Promise<Finding[]> {
  const { wrangler, config, api } = deployment;
  const configuration = await readConfiguration(config);
  const { loggedIn, accounts } = await readLogin(wrangler);
  if (!loggedIn) {
    const advice = "npm run deploy logs in, as does npx wrangler login; without a terminal set CLOUDFLARE_API_TOKEN";
    const local = [...settings(configuration), ...worker(await bundleSize(wrangler), "free")];
    return [{ what: "Cloudflare login", state: "missing", advice }, ...local];
  }
  const { account } = await chooseAccount(accounts, configuration.account, unattended(deployment.asker));
  const inside = wrangler.inAccount(account.id);
  const [state, plan, bytes] = await Promise.all([
    readState(inside, config, configuration),
    readPlan(inside, account.id, api),
    bundleSize(inside),
  ]);
  return [
    { what: "Cloudflare login", state: "ok" },
    { what: `account ${account.name} (${account.id})`, state: "ok" },
    { what: `plan: ${describePlan(plan, account.id)}`, state: "ok" },
    ...worker(bytes, plan),
    ...database(configuration, state),
    ...settings(configuration),
    ...secrets(configuration, state),
  ];
}

/** A check asks no questions, even with a terminal. */
const unattended = (asker: Prompter): Prompter => ({ ...asker, interactive: false });

function worker(bytes: number | undefined, plan: CloudflarePlan): Finding[] {
  if (bytes === undefined) return [];
  const limit = plan === "paid" ? "paid" : "free";
  return [yes(`Worker: ${describeBundle(bytes, plan)}`, bytes <= bundleLimits[limit], "a larger plan takes it")];
}

function database({ databaseName, databaseId }: Configuration, state: State): Finding[] {
  const pending = state.pendingMigrations;
  return [
    yes(`D1 database ${databaseName}`, state.database !== undefined, "npm run deploy makes it"),
    yes(
      "wrangler.jsonc names it",
      databaseId !== "" && databaseId === state.database,
      "npm run deploy writes database_id",
    ),
    yes("migrations", pending.length === 0, `npm run deploy applies ${pending.join(", ")}`),
  ];
}

function settings(configuration: Configuration): Finding[] {
  const isSet = (name: string) => settingRows.some((row) => row.name === name && row.known(configuration) !== "");
  return settingRows.map(({ name, known, unless, without }) => {
    const value = known(configuration);
    const vital = unless !== undefined && !isSet(unless.name);
    return value ? { what: `${name}: ${value}`, state: "ok" } : lacking(name, vital, vital ? "logging in" : without);
  });
}

function secrets(configuration: Configuration, state: State): Finding[] {
  const has = (name: string) =>
    state.secrets.includes(name) || settingRows.some((row) => row.name === name && row.known(configuration) !== "");
  const rows = [
    { name: adminToken, vital: true, without: "octopool admin", needs: undefined },
    ...secretRows.filter(({ needs }) => !needs || has(needs)),
  ];
  return rows.map(({ name, vital, without }) =>
    has(name) ? { what: `secret ${name}`, state: "ok" } : lacking(`secret ${name}`, vital, without),
  );
}

function lacking(what: string, vital: boolean, without: string): Finding {
  const advice = `without it no ${without}; npm run deploy ${what.endsWith(adminToken) ? "makes it" : "asks for it"}`;
  return { what, state: vital ? "missing" : "optional", advice };
}

function yes(what: string, holds: boolean, advice: string): Finding {
  return holds ? { what, state: "ok" } : { what, state: "missing", advice };
}

const marks = { ok: "✓", missing: "✗", optional: "–" } as const;

export function render(found: readonly Finding[]): string {
  return found.map(({ what, state, advice }) => `${marks[state]} ${what}${advice ? `: ${advice}` : ""}`).join("\n");
}
