#!/usr/bin/env node
/** Stands in for wrangler: keeps an account in a file, and writes down how it was called. */
import { readFileSync, writeFileSync } from "node:fs";

const file = process.env.STAND_IN_ACCOUNT;
const account = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
const [name, sub, third] = args;
const input = readFileSync(0, "utf8");
account.calls.push({ args, input });
const say = (value) => process.stdout.write(typeof value === "string" ? `${value}\n` : JSON.stringify(value));
const end = (code) => {
  writeFileSync(file, JSON.stringify(account));
  process.exit(code);
};
if (account.broken === name) {
  process.stderr.write(`✘ [ERROR] something broke with ${input}\n`);
  end(1);
}
const migrations = ["0000_tables.sql"].filter((each) => !account.applied.includes(each));
const commands = {
  whoami: () => say({ loggedIn: account.loggedIn, accounts: [{ name: "Acme" }] }),
  "d1 list": () => say(account.databases),
  "d1 create": () => account.databases.push({ name: third, uuid: "11111111-2222-3333-4444-555555555555" }),
  "d1 migrations": () => {
    if (third === "apply") account.applied.push(...migrations);
    say(migrations.length > 0 ? `│ ${migrations.join(" │\n│ ")} │` : "✅ No migrations to apply!");
  },
  "secret list": () => (account.deployed ? say(account.secrets.map((each) => ({ name: each }))) : end(1)),
  "secret put": () => account.secrets.push(third),
  deploy: () => {
    account.deployed = true;
    say(`Deployed octopool triggers\n  ${account.origin}`);
  },
};
(commands[`${name} ${sub}`] ?? commands[name])();
end(0);
