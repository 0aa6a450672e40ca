/** The existing state: read each time, so that repeating a deployment repeats nothing. */
import { readdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import * as z from "zod";
import type { CloudflareAccount } from "./account.ts";
import type { Configuration } from "./configuration.ts";
import { parseJson, said, type Wrangler, type WranglerRun } from "./wrangler.ts";

interface Login {
  readonly loggedIn: boolean;
  readonly accounts: readonly CloudflareAccount[];
}

export interface State {
  /** The database's id in the account; undefined when there is none of that name. */
  readonly database: string | undefined;
  /** Names only: a secret's value cannot be read back. */
  readonly secrets: readonly string[];
  readonly pendingMigrations: readonly string[];
}

const whoamiSchema = z.object({
  loggedIn: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
});
const databasesSchema = z.array(z.object({ name: z.string(), uuid: z.string() }));
const namesSchema = z.array(z.object({ name: z.string() }));
const rowsSchema = z.array(z.object({ results: namesSchema }));

/** @throws Error with wrangler's words when it cannot tell */
export async function readLogin(wrangler: Wrangler): Promise<Login> {
  const ran = await wrangler.ask(["whoami", "--json"]);
  return parseJson(whoamiSchema, ran.stdout) ?? failed("its login", ran);
}

/** @throws Error with wrangler's words when it cannot tell */
export async function readState(wrangler: Wrangler, config: string, configuration: Configuration): Promise<State> {
  const { databaseName, databaseId } = configuration;
  const [databases, secrets] = await Promise.all([readDatabases(wrangler), readSecrets(wrangler)]);
  const database = databases.find(({ name }) => name === databaseName)?.uuid;
  const migrations = await readMigrations(config, configuration);
  const applied = database && database === databaseId ? await readApplied(wrangler, databaseName) : [];
  return { database, secrets, pendingMigrations: migrations.filter((name) => !applied.includes(name)) };
}

/** The state before any login. */
export async function unknownState(config: string, configuration: Configuration): Promise<State> {
  return { database: undefined, secrets: [], pendingMigrations: await readMigrations(config, configuration) };
}

/** @throws Error with wrangler's words when it cannot tell */
export async function readDatabases(wrangler: Wrangler) {
  const ran = await wrangler.ask(["d1", "list", "--json"]);
  return parseJson(databasesSchema, ran.stdout) ?? failed("the D1 databases", ran);
}

async function readSecrets(wrangler: Wrangler): Promise<string[]> {
  const ran = await wrangler.ask(["secret", "list"]);
  // Only a Worker that does not exist has none: after any other failure, secrets that are there would be overwritten.
  if (!ran.ok && /Worker ".*" not found/.test(said(ran))) return [];
  return (parseJson(namesSchema, ran.stdout) ?? failed("the secrets", ran)).map(({ name }) => name);
}

async function readMigrations(config: string, { migrations }: Configuration): Promise<string[]> {
  const files = await readdir(resolve(dirname(config), migrations));
  return files.filter((name) => name.endsWith(".sql")).sort();
}

/** Asked by a plain SELECT: `d1 migrations list` would create the table that it reads. */
async function readApplied(wrangler: Wrangler, databaseName: string): Promise<string[]> {
  const select = "SELECT name FROM d1_migrations";
  const ran = await wrangler.ask(["d1", "execute", databaseName, "--remote", "--json", "--command", select]);
  if (!ran.ok && ran.stdout.includes("no such table")) return [];
  const [answer] = parseJson(rowsSchema, ran.stdout) ?? failed("the migrations", ran);
  return answer?.results.map(({ name }) => name) ?? [];
}

/** How far the logs' bucket is: one question of wrangler's tells both. */
export async function readBucket(
  wrangler: Wrangler,
  bucket: string,
  rule: string,
): Promise<"missing" | "bare" | "ready"> {
  const ran = await wrangler.ask(["r2", "bucket", "lifecycle", "list", bucket]);
  if (ran.ok) return ran.stdout.includes(rule) ? "ready" : "bare";
  return /does not exist/i.test(said(ran)) ? "missing" : failed(`the R2 bucket ${bucket}`, ran);
}

function failed(what: string, ran: WranglerRun): never {
  throw new Error(`wrangler did not tell ${what}:\n${said(ran)}`);
}
