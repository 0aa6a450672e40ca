/**
 * Stands in for wrangler 4.155: keeps an account in the file STAND_IN_ACCOUNT, and appends each call to that file's
 * `.calls`. Answers have wrangler's shapes; test/scripts/deploy/wrangler.test.ts holds both side by side.
 */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

export interface StandInAccount {
  readonly loggedIn: boolean;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly token: string;
  readonly databases: readonly { readonly name: string; readonly uuid: string }[];
  readonly applied: readonly string[];
  readonly secrets: readonly string[];
  /** The names of each bucket's rules. */
  readonly buckets: Readonly<Record<string, readonly string[]>>;
  readonly worker: "none" | "draft" | "deployed";
  /** Compressed size of the Worker, in bytes. */
  readonly bundle: number;
  /** Beginning of the commands that fail. */
  readonly broken?: string;
}

export interface WranglerCall {
  readonly args: readonly string[];
  readonly input: string;
  readonly ci: boolean;
  /** CLOUDFLARE_ACCOUNT_ID as wrangler saw it. */
  readonly account: string;
}

interface WranglerResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
}

export const databaseId = "11111111-2222-3333-4444-555555555555";

export function standIn(args: readonly string[], { env, input }: Given): WranglerResult {
  const file = env.STAND_IN_ACCOUNT ?? "";
  const account: StandInAccount = JSON.parse(readFileSync(file, "utf8"));
  const seen: WranglerCall = { args, input, ci: env.CI === "true", account: env.CLOUDFLARE_ACCOUNT_ID ?? "" };
  appendFileSync(`${file}.calls`, `${JSON.stringify(seen)}\n`);
  const command = args.join(" ");
  if (!/^(?:whoami|login|--help)\b|--dry-run/.test(command) && !account.loggedIn) return failed(notLoggedIn);
  if (account.broken && command.startsWith(account.broken)) return failed(`something broke with ${input}`);
  const run = commands[args.slice(0, 2).join(" ")] ?? commands[args[0] ?? ""];
  if (!run) return failed(`Unknown argument: ${args[0]}`);
  const { stdout = "", refused, exitCode = 0, becomes, record } = run(account, { args, input });
  if (becomes) writeFileSync(file, JSON.stringify({ ...account, ...becomes }));
  if (record && env.WRANGLER_OUTPUT_FILE_PATH)
    appendFileSync(env.WRANGLER_OUTPUT_FILE_PATH, `${JSON.stringify({ version: 1, ...record })}\n`);
  return refused === undefined ? { exitCode, stdout, stderr: "" } : failed(refused, stdout);
}

const notLoggedIn =
  "In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN environment variable.";

function failed(message: string, stdout = ""): WranglerResult {
  const told = `\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m \u001b[1m${message}\u001b[0m\n`;
  const log = '\n\n🪵  Logs were written to "/home/mona/.config/.wrangler/logs/wrangler.log"\n';
  return { exitCode: 1, stdout, stderr: told + log };
}

/** The output of a command, and its effect. */
interface Answer {
  readonly stdout?: string;
  /** The message of a failure. */
  readonly refused?: string;
  readonly exitCode?: number;
  /** The changes of the account. */
  readonly becomes?: Partial<StandInAccount>;
  /** For the file that WRANGLER_OUTPUT_FILE_PATH names. */
  readonly record?: object;
}

interface Said {
  readonly args: readonly string[];
  readonly input: string;
}

const json = (value: unknown, indent = 2) => `${JSON.stringify(value, undefined, indent)}\n`;
const banner = "\n ⛅️ wrangler 4.155.0\n────────────────────\n";
const onlyBanner = (): Answer => ({ stdout: banner });

function pending({ applied }: StandInAccount, args: readonly string[]): string[] {
  const config = args[args.indexOf("--config") + 1] ?? "";
  const [, directory = ""] = /"migrations_dir": "(.+)"/.exec(readFileSync(config, "utf8")) ?? [];
  const names = readdirSync(resolve(dirname(config), directory)).filter((name) => name.endsWith(".sql"));
  return names.sort().filter((name) => !applied.includes(name));
}

const table = (rows: readonly string[]) =>
  ["┌─────────────────┐", "│ name            │", ...rows.map((row) => `│ ${row} │`)].join("\n");

const commands: Readonly<Record<string, (account: StandInAccount, said: Said) => Answer>> = {
  whoami: ({ loggedIn, accounts }) =>
    loggedIn
      ? { stdout: json({ loggedIn, authType: "OAuth Token", email: "mona@example.org", accounts }, 4) }
      : { stdout: '\n{"loggedIn":false}\n', exitCode: 1 },
  login: () => ({ stdout: "Successfully logged in.\n", becomes: { loggedIn: true } }),
  "auth token": ({ token }) => ({ stdout: json({ type: "oauth", token }, 4) }),
  "d1 list": ({ databases }) => ({ stdout: json(databases) }),
  "d1 create": ({ databases }, { args: [, , name = ""] }) => {
    const made = { uuid: databaseId, name, version: "production" };
    return {
      stdout: `${banner}✅ Successfully created DB '${name}'\n`,
      becomes: { databases: [...databases, made] },
    };
  },
  "d1 execute": ({ applied }) => {
    const results = applied.map((name) => ({ name }));
    if (results.length > 0) return { stdout: json([{ results, success: true, meta: { duration: 0.1 } }]) };
    const notes = [{ text: "no such table: d1_migrations: SQLITE_ERROR [code: 7500]" }];
    const error = { text: "A request to the Cloudflare API failed.", notes, kind: "error", name: "APIError" };
    return { stdout: json({ error }), exitCode: 1 };
  },
  "d1 migrations": (account, { args }) => {
    const rows = pending(account, args);
    if (rows.length === 0) return { stdout: `${banner}✅ No migrations to apply!\n` };
    return {
      stdout: `${banner}Migrations to be applied:\n${table(rows)}\n`,
      becomes: { applied: [...account.applied, ...rows] },
    };
  },
  "d1 delete": onlyBanner,
  "d1 export": onlyBanner,
  "d1 time-travel": onlyBanner,
  "deployments list": onlyBanner,
  rollback: onlyBanner,
  "secret list": ({ worker, secrets }) =>
    worker === "none"
      ? { refused: 'Worker "octopool" not found.' }
      : { stdout: json(secrets.map((name) => ({ name, type: "secret_text" }))) },
  "secret bulk": ({ worker, secrets }, { input }) => ({
    stdout: `${banner}Finished processing secrets file:\n`,
    becomes: {
      worker: worker === "none" ? "draft" : worker,
      secrets: [...secrets, ...Object.keys(JSON.parse(input))],
    },
  }),
  "secret put": ({ secrets }, { args: [, , name = ""] }) => ({
    stdout: `${banner}✨ Success! Uploaded secret ${name}\n`,
    becomes: { secrets: [...secrets, name] },
  }),
  "r2 bucket": ({ buckets }, { args: [, , verb, third = "", fourth = "", rule = ""] }) => {
    if (verb === "delete") return { stdout: banner };
    if (verb === "create") return { stdout: banner, becomes: { buckets: { ...buckets, [third]: [] } } };
    const rules = buckets[verb === "lifecycle" ? fourth : third];
    if (!rules) return { stdout: banner, refused: "The specified bucket does not exist. [code: 10006]" };
    if (third === "add") return { stdout: banner, becomes: { buckets: { ...buckets, [fourth]: [...rules, rule] } } };
    const listed = rules.map((name) => `name:     ${name}\nenabled:  Yes`).join("\n\n");
    return { stdout: third === "list" ? `${banner}${listed}\n` : banner };
  },
  deploy: ({ bundle }, { args }) => {
    const bundle_size = { raw_bytes: 1_400_000, gzip_bytes: bundle };
    const size = `${banner}Total Upload: 1383.91 KiB / gzip: 265.41 KiB\n`;
    if (args.includes("--dry-run")) {
      const record = { type: "deploy", worker_name: "octopool", bundle_size };
      return { stdout: `${size}\n--dry-run: exiting now.\n`, record };
    }
    const targets = ["https://octopool.acme.workers.dev", "schedule: 17 * * * *"];
    return {
      stdout: `${size}Deployed octopool triggers (0.15 sec)\n  ${targets.join("\n  ")}\n`,
      becomes: { worker: "deployed" },
      record: { type: "deploy", worker_name: "octopool", targets, bundle_size },
    };
  },
  delete: onlyBanner,
  tail: () => ({ stdout: "Successfully created tail\nConnected to octopool, waiting for logs...\n" }),
};
