/** A new relay is put to use by its deployment: over the real relay and the real `octopool`, with an emulated GitHub. */
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readConfiguration } from "../../../scripts/deploy/configuration.ts";
import { setWebhook } from "../../../scripts/deploy/webhook.ts";
import { type LocalRelay, startRelay } from "../../../scripts/stack/relay.ts";
import { callerListSchema, identityListSchema } from "../../../shared/admin.ts";
import { neededEvents } from "../../../shared/events/families.ts";
import { demoPath, type GitHub, loadWorld, startGitHub } from "../../github-emulator/index.ts";
import { type DeployWorld, makeWorld } from "./world.ts";

// Each deployment is a dozen processes: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const adminToken = "operator-of-the-test";
const hookSecret = "the-webhook-secret-of-the-test";
const member = "demo-token-ada-okafor";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let github: GitHub;
/** Of all tests whose deployment changes nothing in it. */
let shared: LocalRelay;
let relay: LocalRelay;
let world: DeployWorld;

const startNewRelay = () =>
  startRelay({
    githubApi: github.url,
    bindings: {
      ALLOWED_GITHUB_ORG: "lumen-labs",
      OCTOPOOL_ADMIN_TOKEN: adminToken,
      OCTOPOOL_WEBHOOK_SECRET: hookSecret,
    },
  });

/** For a test that looks at its deployment's registrations. */
async function useOwnRelay(): Promise<void> {
  const own = await startNewRelay();
  onTestFinished(() => own.close());
  relay = own;
}

beforeAll(async () => {
  const appKeys = { "lantern-relay": publicKey.export({ type: "spki", format: "pem" }).toString() };
  github = await startGitHub({ world: loadWorld(demoPath), port: 0, appKeys });
  shared = await startNewRelay();
});
afterAll(async () => {
  await shared?.close();
  await github?.close();
});

beforeEach(async () => {
  world = await makeWorld();
  relay = shared;
  // The token that the deployment finds is the one it would have made for this relay.
  await mkdir(dirname(world.tokenFile), { recursive: true });
  await writeFile(world.tokenFile, adminToken);
});
afterEach(() => world.remove());

async function deploy(env: Record<string, string>) {
  const key = join(world.home, "app.pem");
  await writeFile(key, privateKey.export({ type: "pkcs1", format: "pem" }));
  return world.deploy([], {
    ALLOWED_GITHUB_ORG: "lumen-labs",
    OCTOPOOL_GITHUB_ORG_TOKEN: "",
    OCTOPOOL_GITHUB_APP_ID: "424242",
    POOL_APP_KEY: key,
    OCTOPOOL_E2E_HOST: relay.url,
    OCTOPOOL_GITHUB_API: github.url,
    GH_TOKEN: member,
    OCTOPOOL_NO_KEYRING: "1",
    ...env,
  });
}

async function admin(path: string): Promise<unknown> {
  const response = await fetch(`${relay.url}/v1/admin${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
  return response.json();
}
const identities = async () => identityListSchema.parse(await admin("/pools/maintainers/identities")).identities;
const callers = async () => callerListSchema.parse(await admin("/callers")).callers;

describe("a first deployment that is asked to", () => {
  test("registers the App's installation and makes its deployer the operator, and prints no secret", async () => {
    await useOwnRelay();
    const { exitCode, output } = await deploy({ POOL_APP_INSTALLATION: "515151", OCTOPOOL_OPERATOR: "y" });
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    expect(await identities()).toMatchObject([
      { kind: "github_app", login: "lantern-relay", installation_id: 515151, secret_ref: "POOL_APP_KEY" },
    ]);
    expect(await callers()).toMatchObject([{ github_login: "ada-okafor", dashboard_role: "admin" }]);
    const next = output.slice(output.indexOf("Next, as its operator"));
    expect(next).not.toMatch(/identity add|grant-dashboard/);
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString().split("\n")[1] ?? "no line";
    for (const secret of [adminToken, member, pem]) expect(output).not.toContain(secret);
  });

  test("names the failure, ends with 1, and prints the command that does it by hand", async () => {
    await useOwnRelay();
    const { exitCode, output } = await deploy({
      POOL_APP_INSTALLATION: "515151",
      OCTOPOOL_OPERATOR: "y",
      GH_TOKEN: "demo-token-outsider",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("the relay is up, but octopool login");
    expect(output).toContain("octopool admin caller grant-dashboard YOUR-LOGIN");
    expect(await identities()).toHaveLength(1);
  });
});

describe("the App's webhook", () => {
  test("leads to the relay, which took a signed ping; events that are still to be ticked are listed", async () => {
    const env = { POOL_APP_INSTALLATION: "", POOL_APP_WEBHOOK: "y", OCTOPOOL_WEBHOOK_SECRET: hookSecret };
    const { exitCode, output } = await deploy(env);
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    expect(github.engine.hooks.options).toEqual({ url: `${relay.url}/v1/hooks/github`, secret: hookSecret });
    expect(output).toContain(`webhook leads to ${relay.url}/v1/hooks/github; a signed ping was taken there`);
    expect(output).toContain("Permissions that the App lacks, read-only: Deployments\n");
    const put = (await world.calls()).filter(({ args }) => args[1] === "bulk").map(({ input }) => JSON.parse(input));
    expect(put).toMatchObject([{ OCTOPOOL_WEBHOOK_SECRET: hookSecret }]);
    expect(output).not.toContain(hookSecret);
  });

  test("is left alone without a word, and a dry run only prints the steps", async () => {
    github.engine.hooks.options = undefined;
    await deploy({ POOL_APP_INSTALLATION: "" });
    const { output } = await world.deploy(["--dry-run"], { POOL_APP_WEBHOOK: "y" });
    expect(output).toMatch(/would put: .*OCTOPOOL_WEBHOOK_SECRET/);
    expect(output).toMatch(/would set: the App's webhook to https:.*\/v1\/hooks\/github, and send it a signed ping/);
    expect(github.engine.hooks.options).toBeUndefined();
  });

  test.each([
    ["an App that GitHub does not accept", { OCTOPOOL_GITHUB_APP_ID: "4711" }, "does not accept the App's id"],
    ["no App", { OCTOPOOL_GITHUB_APP_ID: "", POOL_APP_KEY: "" }, "POOL_APP_WEBHOOK needs OCTOPOOL_GITHUB_APP_ID"],
    ["another word", { POOL_APP_WEBHOOK: "perhaps" }, "POOL_APP_WEBHOOK must be y or n"],
  ])("with %s is told, with exit code 1", async (_which, env, problem) => {
    const { exitCode, output } = await deploy({ POOL_APP_INSTALLATION: "", POOL_APP_WEBHOOK: "y", ...env });
    expect([exitCode, output]).toEqual([1, expect.stringContaining(problem)]);
  });

  test("tells every event and permission that is missing, and nothing where none is", async () => {
    const told = async (app: { events: string[]; permissions: Record<string, string> }) => {
      const lines: string[] = [];
      const taken = async () => new Response(null, { status: 204 });
      const say = (line: string) => void lines.push(line);
      expect(await setWebhook(hook, { ...setting(app), fetch: taken, say })).toEqual([]);
      return lines.filter((line) => /lacks|ticked yet|under/.test(line));
    };
    const all = ["actions", "checks", "contents", "deployments", "issues", "metadata", "pull_requests", "statuses"];
    const permissions = Object.fromEntries(all.map((each) => [each, "read"]));
    expect(await told({ events: [...neededEvents], permissions })).toEqual([]);
    const lines = await told({ events: neededEvents.filter((each) => !/review$|^push$/.test(each)), permissions });
    expect(lines).toEqual([
      "Events that are not ticked yet: pull_request_review, push",
      "Both are on the App's page, under Permissions & events.",
    ]);
  });

  const hook = { appId: "1", key: "k", secret: hookSecret };
  let now = 0;
  const setting = (app: { events: string[]; permissions: Record<string, string> }) => ({
    origin: "https://relay.test",
    dryRun: false,
    github: { setWebhook: async () => ({ slug: "app", ...app }) },
    fetch: async () => new Response(null, { status: 401 }),
    verification: {
      now: () => now,
      wait: async (ms: number) => {
        now += ms;
      },
    },
    say: (line: string) => expect.fail(line),
  });

  test("is not told as set while the relay refuses the ping, however long that is waited for", async () => {
    const problems = await setWebhook(hook, setting({ events: [], permissions: {} }));
    expect(problems).toEqual([expect.stringContaining("answers 401 to a signed ping")]);
    expect(now).toBeGreaterThan(50_000);
  });
});

test("without a word it does neither, and prints the command with the installation's own numbers", async () => {
  const { exitCode, output } = await deploy({ POOL_APP_INSTALLATION: "" });
  expect(exitCode).toBe(0);
  expect([await identities(), await callers()]).toEqual([[], []]);
  expect(output).toContain("octopool admin identity add app --kind github_app");
  expect(output).toContain("octopool admin caller grant-dashboard YOUR-LOGIN");
});

test.each([
  [{ POOL_APP_INSTALLATION: "1" }, '"1" is none of the App\'s installations: 515151'],
  [{ OCTOPOOL_OPERATOR: "perhaps" }, "OCTOPOOL_OPERATOR must be y or n"],
])("a wrong answer of the environment (%j) is told before anything is changed", async (env, problem) => {
  const { exitCode, output } = await deploy(env);
  expect([exitCode, output.includes(problem), await world.changes()]).toEqual([1, true, []]);
});

test("an App whose key GitHub does not accept is no reason to stop", async () => {
  const { exitCode, output } = await deploy({ OCTOPOOL_GITHUB_APP_ID: "4711" });
  expect(exitCode).toBe(0);
  expect(output).toContain("the App's installations are not known: GitHub does not accept the App's id with this key");
});

describe("accounts without an organisation", () => {
  test("get their ids from GitHub", async () => {
    const { exitCode, output } = await deploy({ ALLOWED_GITHUB_ORG: "", ALLOWED_GITHUB_USERS: "ada-okafor, mona:7" });
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    const written = (await readConfiguration(world.config)).variable("ALLOWED_GITHUB_USERS");
    expect(written).toMatch(/^ada-okafor:[1-9]\d*,mona:7$/);
    expect(await readFile(world.config, "utf8")).toContain('"ALLOWED_GITHUB_ORG": ""');
  });

  test.each([
    ["no-such-account", "the id of no-such-account is not known: GitHub knows no such account"],
    ["mona:x", '"mona:x" is no list of logins'],
  ])("that are not (%s) are told before anything is changed", async (users, problem) => {
    const { exitCode, output } = await deploy({ ALLOWED_GITHUB_ORG: "", ALLOWED_GITHUB_USERS: users });
    expect([exitCode, output.includes(problem), await world.changes()]).toEqual([1, true, []]);
  });
});
