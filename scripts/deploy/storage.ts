/** Where the relay keeps things: its D1 database, and an R2 bucket for logs. */
import type { Configuration } from "./configuration.ts";
import type { RelayDeployment } from "./deployment.ts";
import { readBucket, readDatabases, type State } from "./state.ts";
import type { Wrangler } from "./wrangler.ts";

/** @throws Error when wrangler.jsonc names another database than the account's; nothing is changed then */
export function sameDatabase({ databaseName, databaseId }: Configuration, { database }: State): void {
  if (databaseId === "" || databaseId === database) return;
  throw new Error(
    `wrangler.jsonc names the database ${databaseId}, but this account's ${databaseName} is ${database ?? "not there"}. ` +
      "Log in to the right account, or correct database_id (all zeros makes a new one).",
  );
}

/** @returns the database's id */
export async function findOrCreateDatabase(
  { dryRun, say }: RelayDeployment,
  wrangler: Wrangler,
  name: string,
  known: string | undefined,
): Promise<string> {
  if (known) {
    say(`D1 database ${name}: ${known}`);
    return known;
  }
  await wrangler.change(["d1", "create", name]);
  if (dryRun) return "<its id>";
  const made = (await readDatabases(wrangler)).find((database) => database.name === name);
  if (!made) throw new Error("wrangler created the database, but does not list it. Run this again.");
  return made.uuid;
}

/** Deletes logs older than a week; the relay itself deletes no log. */
const rule = "octopool-logs-a-week";

/** The bucket and its rule, as far as they are missing. */
export async function makeBucket(
  { dryRun, say }: RelayDeployment,
  wrangler: Wrangler,
  bucket: string,
  loggedIn: boolean,
) {
  const state = loggedIn ? await readBucket(wrangler, bucket, rule) : "missing";
  if (state === "ready") return say(`R2 bucket ${bucket} is there, with its rule`);
  if (state === "missing") await wrangler.change(["r2", "bucket", "create", bucket]);
  await wrangler.change(["r2", "bucket", "lifecycle", "add", bucket, rule, "--expire-days", "7", "--force"]);
  if (!dryRun) say(`R2 bucket ${bucket}: logs are deleted after 7 days`);
}
