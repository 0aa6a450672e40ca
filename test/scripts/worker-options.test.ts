/** Local relays read the same of wrangler.jsonc and of the migrations as wrangler does. */
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";
import { edits, writeConfiguration } from "../../scripts/deploy/configuration.ts";
import { readMigrations, readWorkerOptions } from "../../scripts/stack/worker-options.ts";

const root = join(import.meta.dirname, "../..");

/** Wrangler also gives its own defaults, members of services that are not used, and the host for a header of requests. */
const notOurs = ["rootPath", "modulesRules", "email", "zone"];

function said(options: object): object {
  const members = Object.entries(options).filter(
    ([name, value]) => !notOurs.includes(name) && (typeof value === "string" || Object.keys(value ?? {}).length > 0),
  );
  return JSON.parse(JSON.stringify(Object.fromEntries(members)));
}

const deployed = [
  edits.account("acc1"),
  edits.database("11111111-2222-3333-4444-555555555555"),
  edits.host("relay.example.org"),
  edits.logsBucket("octopool-logs"),
  edits.variable("ALLOWED_GITHUB_ORG", "acme"),
];

test.each([
  ["of the repository", []],
  ["that a deployment wrote", deployed],
])("the Worker's options of the wrangler.jsonc %s", async (_which, changes) => {
  const directory = await mkdtemp(join(tmpdir(), "octopool-options-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "wrangler.jsonc");
  await copyFile(join(root, "wrangler.jsonc"), file);
  await writeConfiguration(file, changes);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(file);
  expect(said(await readWorkerOptions(file))).toEqual(said(workerOptions));
});

/** Without lines of comment, which wrangler leaves where they are, and the semicolon at the end, which it takes away. */
const bare = (statement: string) =>
  statement
    .replaceAll(/^--.*$/gm, "")
    .trim()
    .replace(/;$/, "");

test("the statements of each migration", async () => {
  const migrations = await readMigrations();
  expect(migrations.length).toBeGreaterThan(1);
  for (const { name, statements } of migrations) {
    const text = await readFile(join(root, "relay-worker/migrations", name), "utf8");
    expect(statements.map(bare), name).toEqual(unstable_splitSqlQuery(text).map(bare));
  }
});
