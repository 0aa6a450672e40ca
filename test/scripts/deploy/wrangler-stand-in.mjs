#!/usr/bin/env node
/**
 * Stands in for wrangler 4.155: keeps an account in the file STAND_IN_ACCOUNT, and appends each call to that file's
 * `.calls`. Answers have wrangler's shapes; test/scripts/deploy/wrangler.test.ts holds both side by side.
 */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { text } from "node:stream/consumers";

const file = process.env.STAND_IN_ACCOUNT;
const account = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
// Not read at once: a pipe that is empty yet would be an error.
const input = process.stdin.isTTY ? "" : await text(process.stdin);
appendFileSync(
  `${file}.calls`,
  `${JSON.stringify({ args, input, ci: process.env.CI === "true", account: process.env.CLOUDFLARE_ACCOUNT_ID ?? "" })}\n`,
);

const print = (line) => process.stdout.write(`${line}\n`);
const json = (value, indent = 2) => print(JSON.stringify(value, undefined, indent));
const banner = () => print("\n ⛅️ wrangler 4.155.0\n────────────────────");
const save = () => writeFileSync(file, JSON.stringify(account));
function fail(message) {
  process.stderr.write(
    `\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m \u001b[1m${message}\u001b[0m\n`,
  );
  process.stderr.write('\n\n🪵  Logs were written to "/home/mona/.config/.wrangler/logs/wrangler.log"\n');
  process.exit(1);
}
function record(entry) {
  if (process.env.WRANGLER_OUTPUT_FILE_PATH)
    appendFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, `${JSON.stringify({ version: 1, ...entry })}\n`);
}

if (!["whoami", "login", "--help"].includes(args[0]) && !account.loggedIn && !args.includes("--dry-run"))
  fail("In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN environment variable.");
if (account.broken && args.join(" ").startsWith(account.broken)) fail(`something broke with ${input}`);

function pending() {
  const config = args[args.indexOf("--config") + 1];
  const [, directory] = /"migrations_dir": "(.+)"/.exec(readFileSync(config, "utf8"));
  const names = readdirSync(resolve(dirname(config), directory)).filter((name) => name.endsWith(".sql"));
  return names.sort().filter((name) => !account.applied.includes(name));
}
const table = (rows) => ["┌─────────────────┐", "│ name            │", ...rows.map((row) => `│ ${row} │`)].join("\n");

const commands = {
  whoami: () => {
    const { loggedIn, accounts } = account;
    if (loggedIn) return json({ loggedIn, authType: "OAuth Token", email: "mona@example.org", accounts }, 4);
    print('\n{"loggedIn":false}');
    process.exit(1);
  },
  login: () => {
    account.loggedIn = true;
    save();
    print("Successfully logged in.");
  },
  "auth token": () => json({ type: "oauth", token: account.token }, 4),
  "d1 list": () => json(account.databases),
  "d1 create": () => {
    banner();
    account.databases.push({ uuid: "11111111-2222-3333-4444-555555555555", name: args[2], version: "production" });
    save();
    print(`✅ Successfully created DB '${args[2]}'`);
  },
  "d1 execute": () => {
    if (account.applied.length > 0)
      return json([{ results: account.applied.map((name) => ({ name })), success: true, meta: { duration: 0.1 } }]);
    const notes = [{ text: "no such table: d1_migrations: SQLITE_ERROR [code: 7500]" }];
    json({ error: { text: "A request to the Cloudflare API failed.", notes, kind: "error", name: "APIError" } });
    process.exit(1);
  },
  "d1 migrations": () => {
    banner();
    const rows = pending();
    if (rows.length === 0) return print("✅ No migrations to apply!");
    account.applied.push(...rows);
    save();
    print(`Migrations to be applied:\n${table(rows)}`);
  },
  "d1 delete": banner,
  "d1 export": banner,
  "d1 time-travel": banner,
  "deployments list": banner,
  rollback: banner,
  "secret list": () => {
    if (account.worker === "none") fail('Worker "octopool" not found.');
    json(account.secrets.map((name) => ({ name, type: "secret_text" })));
  },
  "secret bulk": () => {
    banner();
    if (account.worker === "none") account.worker = "draft";
    account.secrets.push(...Object.keys(JSON.parse(input)));
    save();
    print("Finished processing secrets file:");
  },
  "secret put": () => {
    banner();
    account.secrets.push(args[2]);
    save();
    print(`✨ Success! Uploaded secret ${args[2]}`);
  },
  "r2 bucket": () => {
    banner();
    const [, , verb, third] = args;
    if (verb === "delete") return;
    const bucket = verb === "lifecycle" ? args[4] : third;
    if (verb === "create") account.buckets[bucket] = [];
    else if (!account.buckets[bucket]) fail("The specified bucket does not exist. [code: 10006]");
    if (third === "add") account.buckets[bucket].push(args[5]);
    if (third === "list") print(account.buckets[bucket].map((name) => `name:     ${name}\nenabled:  Yes`).join("\n\n"));
    save();
  },
  deploy: () => {
    banner();
    const bundle_size = { raw_bytes: 1_400_000, gzip_bytes: account.bundle };
    print("Total Upload: 1383.91 KiB / gzip: 265.41 KiB");
    if (args.includes("--dry-run")) {
      record({ type: "deploy", worker_name: "octopool", bundle_size });
      return print("\n--dry-run: exiting now.");
    }
    account.worker = "deployed";
    save();
    const targets = ["https://octopool.acme.workers.dev", "schedule: 17 * * * *"];
    record({ type: "deploy", worker_name: "octopool", targets, bundle_size });
    print(`Deployed octopool triggers (0.15 sec)\n  ${targets.join("\n  ")}`);
  },
  delete: banner,
  tail: () => print("Successfully created tail\nConnected to octopool, waiting for logs..."),
};
const run = commands[args.slice(0, 2).join(" ")] ?? commands[args[0]];
if (!run) fail(`Unknown argument: ${args[0]}`);
run();
