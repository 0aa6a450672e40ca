import { generateKeyPairSync } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { edits, readConfiguration, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { startRelay } from "../../../scripts/stack/relay.ts";
import { accountToken, answers, type DeployWorld, makeWorld } from "./world.ts";
import { databaseId } from "./wrangler-stand-in.ts";

let world: DeployWorld;
let relay: { url: string; close(): Promise<void> };

// A deployment only asks it whether it answers.
beforeAll(async () => {
  relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
});
afterAll(() => relay.close());

beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

const deploy = (env: Record<string, string> = {}) => world.deploy([], { OCTOPOOL_E2E_HOST: relay.url, ...env });
const put = async (by = world) => {
  const inputs = (await by.calls()).filter(({ args }) => args[1] === "bulk").map(({ input }) => JSON.parse(input));
  return Object.assign({}, ...inputs);
};

describe("a first deployment, each command a process", () => {
  let started: DeployWorld;
  let first: Awaited<ReturnType<DeployWorld["start"]>>;
  beforeAll(async () => {
    started = await makeWorld();
    first = await started.start([], { OCTOPOOL_E2E_HOST: relay.url, ...answers });
  });
  afterAll(() => started.remove());

  test("makes the database, writes the settings, migrates, puts the secrets, deploys, and verifies the relay", async () => {
    const { exitCode, output } = first;
    expect(output).toContain("octopool admin identity add");
    expect(output.match(/^ok {4}/gm)?.length).toBeGreaterThan(3);
    expect(exitCode).toBe(0);
    expect(await started.changes()).toEqual([
      "d1 create octopool",
      "d1 migrations apply octopool --remote",
      "secret bulk",
      "deploy",
    ]);
    const { databaseId: written, variable } = await readConfiguration(started.config);
    expect([written, variable("ALLOWED_GITHUB_ORG"), variable("DEFAULT_ALLOWED_OWNERS")]).toEqual([
      databaseId,
      "acme",
      "acme",
    ]);
  });

  test("passes secrets on standard input only, prints none, and keeps the operator's token for its owner's eyes", async () => {
    const { output } = first;
    const token = (await readFile(started.tokenFile, "utf8")).trim();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(started.tokenFile)).mode & 0o777).toBe(0o600);
    const { OCTOPOOL_GITHUB_ORG_TOKEN, GITHUB_OAUTH_CLIENT_SECRET } = answers;
    expect(await put(started)).toEqual({
      OCTOPOOL_ADMIN_TOKEN: token,
      OCTOPOOL_GITHUB_ORG_TOKEN,
      GITHUB_OAUTH_CLIENT_SECRET,
    });
    const args = JSON.stringify((await started.calls()).map((call) => call.args));
    const seen = output + args + (await readFile(started.config, "utf8"));
    for (const secret of [token, OCTOPOOL_GITHUB_ORG_TOKEN, GITHUB_OAUTH_CLIENT_SECRET, accountToken]) {
      expect(seen).not.toContain(secret);
    }
    expect(output).toContain(`OCTOPOOL_ADMIN_TOKEN="$(cat ${started.tokenFile})"`);
  });

  test("announces no step in a pipe, and nothing in bold", () => {
    expect(first.output).toContain("run: wrangler d1 create octopool");
    expect(first.output).not.toMatch(/\[1\/9\]|\u001b/);
  });

  test("has the same output and questions within one process, as the tests below run it", async () => {
    const here = await deploy(answers);
    const told = async (by: DeployWorld, { exitCode, output }: typeof first) => {
      const token = (await readFile(by.tokenFile, "utf8")).trim();
      const common = (text: string) => text.replaceAll(by.home, "~").replaceAll(token, "TOKEN");
      const calls = (await by.calls()).map((call) => common(JSON.stringify(call)));
      // Some are asked for at the same time.
      return [exitCode, common(output), calls.toSorted()];
    };
    expect(await told(world, here)).toEqual(await told(started, first));
  });

  test("is all that --check asks for, which ends with 0 then", async () => {
    const { exitCode, output } = await started.deploy(["--check"]);
    expect(output).not.toContain("✗");
    expect(exitCode).toBe(0);
  });
});

describe("a first deployment", () => {
  test.each(["pkcs1", "pkcs8"] as const)(
    "stores an App's key as the relay can read it, written as %s",
    async (type) => {
      const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
      const file = join(world.home, "app.pem");
      await writeFile(file, pem.export({ type, format: "pem" }));
      const { output } = await deploy({ ...answers, OCTOPOOL_GITHUB_APP_ID: "4711", POOL_APP_KEY: file });
      const stored = await put();
      expect(stored.POOL_APP_KEY).toBe(pem.export({ type: "pkcs8", format: "pem" }));
      expect(output).toContain("--kind github_app");
    },
  );

  test("gives the relay a host name of its own, and makes the bucket for logs with its rule", async () => {
    const more = { OCTOPOOL_HOST: "Relay.example.org", OCTOPOOL_LOGS_BUCKET: "y" };
    await deploy({ ...answers, ...more });
    const { host, logsBucket, variable } = await readConfiguration(world.config);
    expect([host, logsBucket, variable("GITHUB_OAUTH_CALLBACK_ORIGIN")]).toEqual([
      "relay.example.org",
      "octopool-logs",
      "https://relay.example.org",
    ]);
    expect((await world.changes()).slice(1, 3)).toEqual([
      "r2 bucket create octopool-logs",
      "r2 bucket lifecycle add octopool-logs octopool-logs-a-week --expire-days 7 --force",
    ]);
  });
});

test("of several accounts the chosen one is written down, and every later command is told it", async () => {
  const accounts = [
    { id: "acc0", name: "Acme" },
    { id: "acc1", name: "Beta" },
  ];
  await world.set({ accounts });
  await deploy({ ...answers, CLOUDFLARE_ACCOUNT_ID: "acc1" });
  expect((await readConfiguration(world.config)).account).toBe("acc1");
  await world.forgetCalls();
  await deploy();
  const told = (await world.calls()).filter(({ args }) => args[0] !== "whoami").map(({ account }) => account);
  expect(new Set(told)).toEqual(new Set(["acc1"]));
});

describe("repeating it", () => {
  test("makes nothing twice, asks for nothing and changes no secret", async () => {
    await deploy({ ...answers, OCTOPOOL_HOST: "relay.example.org", OCTOPOOL_LOGS_BUCKET: "octopool-logs" });
    const before = await readFile(world.config, "utf8");
    await world.forgetCalls();
    const { exitCode } = await deploy();
    expect(exitCode).toBe(0);
    expect(await world.changes()).toEqual(["deploy"]);
    expect(await readFile(world.config, "utf8")).toBe(before);
  });

  test.each(["d1 migrations", "secret bulk", "deploy"])(
    "after %s failed goes on from there, with the same token",
    async (broken) => {
      await world.set({ broken: `${broken}${broken === "deploy" ? " --config" : ""}` });
      const first = await deploy(answers);
      expect([first.exitCode, first.output.includes("something broke with")]).toEqual([1, true]);
      const { broken: _, ...account } = await world.account();
      await world.set(account);
      await world.forgetCalls();
      const { exitCode } = await deploy(answers);
      expect([exitCode, (await world.changes()).includes("d1 create octopool")]).toEqual([0, false]);
      const token = (await readFile(world.tokenFile, "utf8")).trim();
      if (broken !== "deploy") expect((await put()).OCTOPOOL_ADMIN_TOKEN).toBe(token);
      else expect(await world.changes()).toEqual(["deploy"]);
    },
  );

  test.each([
    ["another", [{ name: "octopool", uuid: databaseId }]],
    ["none", []],
  ])("refuses an account whose database is %s than wrangler.jsonc's", async (_case, databases) => {
    await writeConfiguration(world.config, [edits.database("99999999-0000-0000-0000-000000000000")]);
    await world.set({ databases });
    const { exitCode, output } = await deploy(answers);
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toContain("Log in to the right account");
  });

  test("an outage of the secrets' list is no reason to make a new operator's token", async () => {
    await deploy(answers);
    await world.set({ ...(await world.account()), broken: "secret list" });
    await world.forgetCalls();
    const { exitCode, output } = await deploy();
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toContain("wrangler did not tell the secrets");
  });
});

test("a failing wrangler ends it, with wrangler's words but without the secrets among them", async () => {
  await world.set({ broken: "secret bulk" });
  const { exitCode, output } = await deploy(answers);
  const token = (await readFile(world.tokenFile, "utf8")).trim();
  expect([exitCode, output.includes("[secret]")]).toEqual([1, true]);
  expect(output).not.toContain(token);
  expect(output).not.toContain(answers.OCTOPOOL_GITHUB_ORG_TOKEN);
  expect(output).not.toMatch(/\u001b\[/);
});
