/** What is there already: asked each time, so that repeating a deployment repeats nothing. */
import { z } from "zod";
import { readValue, unsetDatabase } from "./configuration.ts";
import type { Wrangler } from "./wrangler.ts";

export const databaseName = "octopool";

export interface State {
  readonly loggedIn: boolean;
  readonly account: string;
  /** The database's id in the account; undefined when there is none of that name. */
  readonly database: string | undefined;
  /** The id that wrangler.jsonc names; undefined while it is the placeholder. */
  readonly configured: string | undefined;
  readonly organisation: string;
  readonly oauthClient: string;
  /** Names only: nobody can read a secret's value back. */
  readonly secrets: readonly string[];
  readonly pendingMigrations: readonly string[];
}

const whoamiSchema = z.object({
  loggedIn: z.boolean(),
  accounts: z.array(z.object({ name: z.string() })).optional(),
});
const databasesSchema = z.array(z.object({ name: z.string(), uuid: z.string() }));
const secretsSchema = z.array(z.object({ name: z.string() }));

export async function readState(wrangler: Wrangler, config: string): Promise<State> {
  const configured = await readValue(config, "database_id");
  const who = parse(whoamiSchema, (await wrangler.ask(["whoami", "--json"])).stdout);
  const loggedIn = who?.loggedIn ?? false;
  const databases = loggedIn ? parse(databasesSchema, (await wrangler.ask(["d1", "list", "--json"])).stdout) : [];
  if (!databases) throw new Error("wrangler did not list the D1 databases. Try: npx wrangler d1 list");
  const database = databases.find(({ name }) => name === databaseName)?.uuid;
  // A Worker that is not deployed yet has no secrets, and wrangler fails to list them.
  const secrets = loggedIn ? parse(secretsSchema, (await wrangler.ask(["secret", "list"])).stdout) : [];
  return {
    loggedIn,
    account: who?.accounts?.map(({ name }) => name).join(", ") ?? "",
    database,
    configured: configured === unsetDatabase ? undefined : configured,
    organisation: await readValue(config, "ALLOWED_GITHUB_ORG"),
    oauthClient: await readValue(config, "GITHUB_OAUTH_CLIENT_ID"),
    secrets: secrets?.map(({ name }) => name) ?? [],
    pendingMigrations: database && configured === database ? await pending(wrangler) : [],
  };
}

async function pending(wrangler: Wrangler): Promise<string[]> {
  const { ok, stdout } = await wrangler.ask(["d1", "migrations", "list", databaseName, "--remote"]);
  if (!ok)
    throw new Error("wrangler did not list the migrations. Try: npx wrangler d1 migrations list octopool --remote");
  return [...stdout.matchAll(/\b(\d{4}_[\w-]+\.sql)\b/g)].map(([, name = ""]) => name);
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    // Wrangler may print notices before its JSON.
    return schema.safeParse(JSON.parse(text.slice(Math.max(0, text.search(/^[[{]/m))))).data;
  } catch {
    return undefined;
  }
}
