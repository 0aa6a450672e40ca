/** A home, a copy of wrangler.jsonc, and an account that the stand-in wrangler keeps: what one deployment sees. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { compileCache } from "../../support/compile-cache.ts";

export const root = join(import.meta.dirname, "../../..");
export const databaseId = "11111111-2222-3333-4444-555555555555";
export const accountToken = "theAccountTokenIsASecret";

export interface Account {
  readonly loggedIn: boolean;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly token: string;
  readonly databases: readonly { readonly name: string; readonly uuid: string }[];
  readonly applied: readonly string[];
  readonly secrets: readonly string[];
  readonly buckets: Readonly<Record<string, readonly string[]>>;
  readonly worker: "none" | "draft" | "deployed";
  /** Compressed size of the Worker, in bytes. */
  readonly bundle: number;
  /** Beginning of the commands that fail. */
  readonly broken?: string;
}

export interface Call {
  readonly args: readonly string[];
  readonly input: string;
  readonly ci: boolean;
  /** CLOUDFLARE_ACCOUNT_ID as wrangler saw it. */
  readonly account: string;
}

const nothing: Account = {
  loggedIn: true,
  accounts: [{ id: "acc0", name: "Acme" }],
  token: accountToken,
  databases: [],
  applied: [],
  secrets: [],
  buckets: {},
  worker: "none",
  bundle: 271_779,
};

export const answers = {
  ALLOWED_GITHUB_ORG: "acme",
  GITHUB_OAUTH_CLIENT_ID: "Iv1.abc",
  OCTOPOOL_GITHUB_ORG_TOKEN: "ghp_theOrgTokenIsASecret",
  GITHUB_OAUTH_CLIENT_SECRET: "theClientSecretIsASecret",
};

export interface World {
  readonly home: string;
  readonly config: string;
  readonly tokenFile: string;
  readonly env: Readonly<Record<string, string>>;
  account(): Promise<Account>;
  set(account: Partial<Account>): Promise<void>;
  calls(): Promise<Call[]>;
  /** Commands that change something, without their `--config`. */
  changes(): Promise<string[]>;
  forgetCalls(): Promise<void>;
  deploy(
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ exitCode: number; output: string }>;
  remove(): Promise<void>;
}

const asks = /^(?:whoami|auth token|d1 list|d1 execute|secret list|r2 bucket lifecycle list|deploy --dry-run)\b/;

export async function makeWorld(): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), "octopool-deploy-"));
  const config = join(home, "wrangler.jsonc");
  const file = join(home, "account.json");
  // Elsewhere than the sources, so that their paths must be whole.
  const text = await readFile(join(root, "wrangler.jsonc"), "utf8");
  await writeFile(config, text.replaceAll('"relay-worker/', `"${root}/relay-worker/`));
  await cp(join(root, "package.json"), join(home, "package.json"));
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    HOME: home,
    ...compileCache,
    OCTOPOOL_WRANGLER: join(import.meta.dirname, "wrangler-stand-in.mjs"),
    STAND_IN_ACCOUNT: file,
    // No server listens there.
    OCTOPOOL_CLOUDFLARE_API: "http://127.0.0.1:9",
    OCTOPOOL_GITHUB_API: "http://127.0.0.1:9",
  };
  const account = async (): Promise<Account> => JSON.parse(await readFile(file, "utf8"));
  const calls = async (): Promise<Call[]> => {
    const lines = await readFile(`${file}.calls`, "utf8").catch(() => "");
    return lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  await writeFile(file, JSON.stringify(nothing));
  return {
    home,
    config,
    tokenFile: join(home, ".config/octopool/operator-token"),
    env,
    account,
    set: (changed) => writeFile(file, JSON.stringify({ ...nothing, ...changed })),
    calls,
    changes: async () =>
      (await calls())
        .map(({ args }) => args.slice(0, args.indexOf("--config")).join(" "))
        .filter((call) => !asks.test(call)),
    forgetCalls: () => rm(`${file}.calls`, { force: true }),
    deploy: async (args = [], more = {}) => {
      const { exitCode, all } = await execa(
        process.execPath,
        [join(root, "scripts/deploy.ts"), "--config", config, ...args],
        { env: { ...env, ...more }, extendEnv: false, stdin: "ignore", all: true, reject: false },
      );
      return { exitCode: exitCode ?? -1, output: all ?? "" };
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
