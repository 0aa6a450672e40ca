import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAsker } from "../../../scripts/deploy/ask.ts";
import { readValue, writeValues } from "../../../scripts/deploy/configuration.ts";
import { pkcs8 } from "../../../scripts/deploy/secrets.ts";
import { startRelay } from "../../../scripts/stack/relay.ts";

// Every deployment here is a dozen processes.
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, "../../..");
let home: string;
let config: string;

interface Account {
  loggedIn: boolean;
  databases: { name: string; uuid: string }[];
  applied: string[];
  secrets: string[];
  deployed: boolean;
  origin: string;
  broken?: string;
  calls: { args: string[]; input: string }[];
}

const nothing: Account = {
  loggedIn: true,
  databases: [],
  applied: [],
  secrets: [],
  deployed: false,
  origin: "",
  calls: [],
};

const accountFile = () => join(home, "account.json");
const setAccount = (account: Partial<Account>) => writeFile(accountFile(), JSON.stringify({ ...nothing, ...account }));
const account = async (): Promise<Account> => JSON.parse(await readFile(accountFile(), "utf8"));
const changes = async () =>
  (await account()).calls
    .map(({ args }) => args.slice(0, args.indexOf("--config")).join(" "))
    .filter((call) => !/^whoami| list\b/.test(call));

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "octopool-deploy-"));
  config = join(home, "wrangler.jsonc");
  await cp(join(root, "wrangler.jsonc"), config);
  await setAccount({});
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function deploy(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const standIn = join(import.meta.dirname, "wrangler-stand-in.mjs");
  const result = await execa(process.execPath, [join(root, "scripts/deploy.ts"), "--config", config, ...args], {
    env: { PATH, HOME: home, OCTOPOOL_WRANGLER: standIn, STAND_IN_ACCOUNT: accountFile(), ...env },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  return { exitCode: result.exitCode, output: `${result.stdout}\n${result.stderr}` };
}

const answers = {
  ALLOWED_GITHUB_ORG: "acme",
  GITHUB_OAUTH_CLIENT_ID: "Iv1.abc",
  OCTOPOOL_GITHUB_ORG_TOKEN: "ghp_theOrgTokenIsASecret",
  GITHUB_OAUTH_CLIENT_SECRET: "theClientSecretIsASecret",
};

describe("a first deployment", () => {
  test("makes the database, writes the settings, migrates, deploys, puts the secrets, and verifies the relay", async () => {
    const relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
    await setAccount({ origin: relay.url });
    const { exitCode, output } = await deploy([], answers);
    await relay.close();
    expect(output).toContain("octopool admin identity add");
    expect(output.match(/^ok {4}/gm)?.length).toBeGreaterThan(3);
    expect(exitCode).toBe(0);
    expect(await changes()).toEqual([
      "d1 create octopool",
      "d1 migrations apply octopool --remote",
      "deploy",
      "secret put OCTOPOOL_ADMIN_TOKEN",
      "secret put OCTOPOOL_GITHUB_ORG_TOKEN",
      "secret put GITHUB_OAUTH_CLIENT_SECRET",
    ]);
    expect(await readValue(config, "database_id")).toBe("11111111-2222-3333-4444-555555555555");
    expect(await readValue(config, "ALLOWED_GITHUB_ORG")).toBe("acme");
  });

  test("passes secrets on standard input only, prints none, and keeps the operator's token for its owner's eyes", async () => {
    const { output } = await deploy([], answers);
    const token = (await readFile(join(home, ".config/octopool/operator-token"), "utf8")).trim();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(join(home, ".config/octopool/operator-token"))).mode & 0o777).toBe(0o600);
    const { calls } = await account();
    const put = (name: string) => calls.find(({ args }) => args[2] === name)?.input;
    expect(put("OCTOPOOL_ADMIN_TOKEN")).toBe(token);
    expect(put("OCTOPOOL_GITHUB_ORG_TOKEN")).toBe(answers.OCTOPOOL_GITHUB_ORG_TOKEN);
    const seen = output + JSON.stringify(calls.map(({ args }) => args)) + (await readFile(config, "utf8"));
    for (const secret of [token, answers.OCTOPOOL_GITHUB_ORG_TOKEN, answers.GITHUB_OAUTH_CLIENT_SECRET]) {
      expect(seen).not.toContain(secret);
    }
  });

  test("stores an App's key as the relay can read it, whichever way GitHub wrote it", async () => {
    const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const file = join(home, "app.pem");
    await writeFile(file, pem.export({ type: "pkcs1", format: "pem" }));
    await deploy([], { ...answers, OCTOPOOL_GITHUB_APP_ID: "4711", POOL_APP_KEY: file });
    const { calls } = await account();
    expect(calls.find(({ args }) => args[2] === "POOL_APP_KEY")?.input).toBe(
      pem.export({ type: "pkcs8", format: "pem" }),
    );
    expect(pkcs8(String(pem.export({ type: "pkcs8", format: "pem" })))).toContain("BEGIN PRIVATE KEY");
  });
});

describe("repeating it", () => {
  test("makes nothing twice and changes no secret", async () => {
    await deploy([], answers);
    const before = await readFile(config, "utf8");
    await setAccount({ ...(await account()), calls: [] });
    const { output } = await deploy();
    expect(await changes()).toEqual(["d1 migrations apply octopool --remote", "deploy"]);
    expect(await readFile(config, "utf8")).toBe(before);
    expect(output).toContain("secret OCTOPOOL_ADMIN_TOKEN is there");
  });

  test("refuses to mix two accounts' databases", async () => {
    await writeValues(config, { database_id: "99999999-0000-0000-0000-000000000000" });
    await setAccount({ databases: [{ name: "octopool", uuid: "11111111-2222-3333-4444-555555555555" }] });
    const { exitCode, output } = await deploy();
    expect([exitCode, await changes()]).toEqual([1, []]);
    expect(output).toContain("Log in to the right account");
  });
});

describe("--dry-run", () => {
  test.each([true, false])("tells every step and changes nothing (logged in: %s)", async (loggedIn) => {
    await setAccount({ loggedIn });
    const before = await readFile(config, "utf8");
    const { exitCode, output } = await deploy(["--dry-run"], answers);
    expect(exitCode).toBe(0);
    for (const step of [
      "d1 create octopool",
      "ALLOWED_GITHUB_ORG=acme",
      "migrations apply",
      "wrangler deploy",
      "secret put OCTOPOOL_ADMIN_TOKEN",
      "npm run e2e",
    ]) {
      expect(output).toContain(step);
    }
    expect(output.includes("would run: wrangler login")).toBe(!loggedIn);
    expect(await changes()).toEqual([]);
    expect(await readFile(config, "utf8")).toBe(before);
    await expect(stat(join(home, ".config/octopool/operator-token"))).rejects.toThrow();
  });
});

describe("--check", () => {
  test("tells what is missing and ends with 1, changing nothing", async () => {
    const { exitCode, output } = await deploy(["--check"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("✗ D1 database octopool");
    expect(output).toContain("✗ secret OCTOPOOL_ADMIN_TOKEN");
    expect(await changes()).toEqual([]);
  });

  test("ends with 0 after a deployment", async () => {
    await deploy([], answers);
    const { exitCode, output } = await deploy(["--check"]);
    expect(output).not.toContain("✗");
    expect(exitCode).toBe(0);
  });

  test("without a login says just that", async () => {
    await setAccount({ loggedIn: false });
    const { exitCode, output } = await deploy(["--check"]);
    expect([exitCode, output.trim()]).toEqual([1, "✗ Cloudflare login: npx wrangler login"]);
  });
});

test("a failing wrangler ends it, with wrangler's words but without the secret among them", async () => {
  await setAccount({ broken: "secret", origin: "", databases: [{ name: "octopool", uuid: "1" }] });
  const { exitCode, output } = await deploy([], answers);
  const token = (await readFile(join(home, ".config/octopool/operator-token"), "utf8")).trim();
  expect([exitCode, output.includes("something broke with [secret]"), output.includes(token)]).toEqual([
    1,
    true,
    false,
  ]);
});

describe("a hidden question", () => {
  test("echoes nothing of its answer", async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = new PassThrough();
    const asked = createAsker({ input, output }, {}).ask({ name: "SECRET", text: "Secret?", hidden: true });
    input.write("hush-hush\r");
    expect(await asked).toBe("hush-hush");
    expect(String(output.read())).toBe("Secret? \n");
  });
});

test("editing wrangler.jsonc leaves its comments and everything else as they are", async () => {
  const before = await readFile(config, "utf8");
  await writeValues(config, { ALLOWED_GITHUB_ORG: 'a"b' });
  const after = await readFile(config, "utf8");
  expect(after).toBe(before.replace('"ALLOWED_GITHUB_ORG": ""', '"ALLOWED_GITHUB_ORG": "a\\"b"'));
  expect(await readValue(config, "ALLOWED_GITHUB_ORG")).toBe('a"b');
});
