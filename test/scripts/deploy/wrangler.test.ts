/** The stand-in is held against wrangler itself, which here asks a Cloudflare of ours. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { experimental_getWranglerCommands } from "wrangler";
import { edits, readConfiguration, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { readBucket, readLogin, readState } from "../../../scripts/deploy/state.ts";
import { createWrangler } from "../../../scripts/deploy/wrangler.ts";
import { type LocalRelay, startRelay } from "../../../scripts/stack/relay.ts";
import { type CloudflareStandIn, startCloudflare } from "./cloudflare.ts";
import { answers, databaseId, makeWorld, root, type World } from "./world.ts";

// Wrangler takes seconds to start, and more on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const wrangler = join(root, "node_modules/.bin/wrangler");

// A deployment only asks it whether it answers.
let relay: LocalRelay;
beforeAll(async () => {
  relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
});
afterAll(() => relay.close());

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

const realEnv = ({ url }: CloudflareStandIn) => ({
  OCTOPOOL_WRANGLER: wrangler,
  OCTOPOOL_CLOUDFLARE_API: url,
  CLOUDFLARE_API_BASE_URL: url,
  CLOUDFLARE_API_TOKEN: "theApiTokenIsASecret",
});

describe("with wrangler itself", () => {
  test("a first deployment to the second of two accounts does it all, and a repetition only deploys", async () => {
    const accounts = [
      { id: "acc0", name: "Acme" },
      { id: "acc1", name: "Beta" },
    ];
    const cloudflare = await startCloudflare({ accounts });
    const { account } = cloudflare;
    const env = { ...realEnv(cloudflare), OCTOPOOL_E2E_HOST: relay.url };
    const more = {
      OCTOPOOL_HOST: "relay.example.org",
      OCTOPOOL_LOGS_BUCKET: "octopool-logs",
      CLOUDFLARE_ACCOUNT_ID: "acc1",
    };
    const first = await world.deploy([], { ...env, ...answers, ...more });
    expect([first.exitCode, first.exitCode === 0 ? "" : first.output]).toEqual([0, ""]);
    expect(account.databases).toEqual([{ name: "octopool", uuid: databaseId }]);
    expect(account.applied).toEqual(await migrations());
    expect([...account.secrets.keys()].toSorted()).toEqual([
      "GITHUB_OAUTH_CLIENT_SECRET",
      "OCTOPOOL_ADMIN_TOKEN",
      "OCTOPOOL_GITHUB_ORG_TOKEN",
    ]);
    expect(account.secrets.get("OCTOPOOL_ADMIN_TOKEN")).toBe((await readFile(world.tokenFile, "utf8")).trim());
    expect([account.buckets, account.domains, account.worker]).toEqual([
      ["octopool-logs"],
      ["relay.example.org"],
      "deployed",
    ]);
    expect(account.lifecycle.get("octopool-logs")).toMatchObject([
      { deleteObjectsTransition: { condition: { maxAge: 7 * 86_400, type: "Age" } } },
    ]);
    expect(cloudflare.calls.filter((call) => call.includes("/acc0/"))).toEqual([]);
    for (const secret of ["theApiTokenIsASecret", ...account.secrets.values()])
      expect(first.output).not.toContain(secret);

    const calls = cloudflare.calls.length;
    const before = await readFile(world.config, "utf8");
    const second = await world.deploy([], env);
    expect([second.exitCode, second.output.includes("all are there")]).toEqual([0, true]);
    expect(await readFile(world.config, "utf8")).toBe(before);
    const changed = cloudflare.calls
      .slice(calls)
      .filter((call) => /d1\/database$|secrets-bulk|r2\/buckets$/.test(call));
    expect(changed.filter((call) => !call.startsWith("GET"))).toEqual([]);
    await cloudflare.close();
  });
});

describe("what is read of wrangler is the same with the stand-in", () => {
  async function read(executable: string, env: Record<string, string>) {
    const before = { ...process.env };
    Object.assign(process.env, { ...world.env, ...env });
    try {
      const asked = createWrangler({ config: world.config, dryRun: false, say: () => {}, executable }).inAccount(
        "acc0",
      );
      const configuration = await readConfiguration(world.config);
      const states = [await readLogin(asked), await readState(asked, world.config, configuration)];
      return [...states, await readBucket(asked, "octopool-logs", "octopool-logs-a-week")];
    } finally {
      process.env = before;
    }
  }

  test.each([
    ["an empty account", false],
    ["an account with a relay", true],
  ])("%s", async (_case, full) => {
    const databases = full ? [{ name: "octopool", uuid: databaseId }] : [];
    const secrets = full ? ["OCTOPOOL_ADMIN_TOKEN"] : [];
    if (full) await writeConfiguration(world.config, [edits.database(databaseId)]);
    const rule = { id: "octopool-logs-a-week", enabled: true, conditions: {} };
    const cloudflare = await startCloudflare({
      databases: [...databases],
      secrets: new Map(secrets.map((name) => [name, "x"])),
      worker: full ? "deployed" : "none",
      buckets: full ? ["octopool-logs"] : [],
      lifecycle: new Map(full ? [["octopool-logs", [rule]]] : []),
    });
    await world.set({
      databases,
      secrets,
      worker: full ? "deployed" : "none",
      buckets: full ? { "octopool-logs": ["octopool-logs-a-week"] } : {},
    });
    const real = await read(wrangler, realEnv(cloudflare));
    expect(await read(world.env.OCTOPOOL_WRANGLER ?? "", {})).toEqual(real);
    expect(real[2]).toBe(full ? "ready" : "missing");
    await cloudflare.close();
  });

  test("no account is logged in", async () => {
    await world.set({ loggedIn: false });
    const login = async (executable: string) => {
      const { stdout, exitCode } = await execa(executable, ["whoami", "--json"], {
        env: { ...world.env, CI: "true" },
        extendEnv: false,
        input: "",
        reject: false,
      });
      return [JSON.parse(stdout), exitCode];
    };
    expect(await login(world.env.OCTOPOOL_WRANGLER ?? "")).toEqual(await login(wrangler));
  });
});

async function migrations(): Promise<string[]> {
  const names = await readdir(join(root, "relay-worker/migrations"));
  return names.filter((name) => name.endsWith(".sql")).sort();
}

type Commands = ReturnType<typeof experimental_getWranglerCommands>["registry"];

/** The words of a command, without what it is given. */
const commands = [
  "whoami",
  "login",
  "auth token",
  "d1 list",
  "d1 create",
  "d1 execute",
  "d1 migrations apply",
  "secret list",
];
const more = ["secret bulk", "deploy", "r2 bucket create", "r2 bucket lifecycle list", "r2 bucket lifecycle add"];

test("every command line of a deployment is one that wrangler's own parser takes", async () => {
  await world.set({ accounts: [{ id: "acc0", name: "Acme" }] });
  const env = { ...answers, OCTOPOOL_LOGS_BUCKET: "y" };
  const first = await world.deploy([], { ...env, OCTOPOOL_E2E_HOST: relay.url });
  const second = await world.deploy([], { OCTOPOOL_E2E_HOST: relay.url });
  expect([first.exitCode, second.exitCode, first.exitCode === 0 ? "" : first.output]).toEqual([0, 0, ""]);
  const lines = [...(await world.calls()).map(({ args }) => args), ["login"]];
  const known = [...commands, ...more];
  const used = new Map<string, Set<string>>();
  for (const args of lines) {
    const command = known.find((each) => args.join(" ").startsWith(each)) ?? `none of ours: ${args.join(" ")}`;
    const flags = args.filter((word) => word.startsWith("--"));
    used.set(command, new Set([...(used.get(command) ?? []), ...flags]));
  }
  expect([...used.keys()].toSorted()).toEqual(known.toSorted());
  // The table that its parser is made of: to print each command's help, wrangler would start as often.
  const { registry, globalFlags } = experimental_getWranglerCommands();
  for (const [command, flags] of used) {
    const found = command.split(" ").reduce<Commands | undefined>((at, word) => at?.subtree.get(word), registry);
    const definition = found?.definition;
    expect(definition, command).toMatchObject({ type: "command", command: `wrangler ${command}` });
    if (definition?.type !== "command") continue;
    const taken = Object.keys({ ...globalFlags, ...definition.args });
    expect(taken, command).toEqual(expect.arrayContaining([...flags].map((flag) => flag.slice(2))));
  }
});
