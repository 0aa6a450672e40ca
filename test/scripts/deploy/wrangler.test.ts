/** The stand-in is held against wrangler itself, which here asks a Cloudflare of ours. */
import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { experimental_getWranglerCommands } from "wrangler";
import { edits, readConfiguration, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { readBucket, readLogin, readState } from "../../../scripts/deploy/state.ts";
import { createWrangler, type RunWrangler, wranglerProcess } from "../../../scripts/deploy/wrangler.ts";
import { type LocalRelay, startRelay } from "../../../scripts/stack/relay.ts";
import { type CloudflareStandIn, startCloudflare } from "./cloudflare.ts";
import { listening, type Told } from "./told.ts";
import { answers, type DeployWorld, makeWorld, root, within } from "./world.ts";
import { databaseId, type StandInAccount } from "./wrangler-stand-in.ts";

// Wrangler takes seconds to start, and more on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const accounts = [
  { id: "acc0", name: "Acme" },
  { id: "acc1", name: "Beta" },
];

// A deployment only asks it whether it answers.
let relay: LocalRelay;
let cloudflare: CloudflareStandIn;
let world: DeployWorld;
/** Wrangler's answers: without an account, to a first deployment, and to its repetition. */
const told: Readonly<Record<"alone" | "first" | "second", Told[]>> = { alone: [], first: [], second: [] };
type Deployed = Awaited<ReturnType<DeployWorld["deploy"]>>;
let alone: Deployed;

beforeAll(async () => {
  relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
  cloudflare = await startCloudflare({ accounts });
  world = await makeWorld();
  alone = await world.deploy(["--dry-run"], {}, listening(wranglerProcess(world.env), told.alone));
});
afterAll(async () => {
  await world.remove();
  await cloudflare.close();
  await relay.close();
});

const realEnv = () => ({
  ...world.env,
  OCTOPOOL_CLOUDFLARE_API: cloudflare.url,
  CLOUDFLARE_API_BASE_URL: cloudflare.url,
  CLOUDFLARE_API_TOKEN: "theApiTokenIsASecret",
});

describe("with wrangler itself", () => {
  test("docs/self-hosting.md shows the output of a dry run without an account", async () => {
    const { exitCode, output } = alone;
    expect(exitCode).toBe(0);
    const page = await readFile(join(root, "docs/self-hosting.md"), "utf8");
    const shown = /^```text\n(\[1\/9\][\s\S]*?)\n```$/m.exec(page)?.[1] ?? "";
    // How large the Worker is changes daily.
    const steady = (text: string) =>
      text
        .replace(/\d+ KiB/, "270 KiB")
        .replaceAll(world.home, "~")
        .trim();
    expect(steady(shown)).toBe(steady(output));
  });

  test("a first deployment to the second of two accounts does it all, and a repetition only deploys", async () => {
    const { account } = cloudflare;
    const env = { ...realEnv(), OCTOPOOL_E2E_HOST: relay.url };
    const more = {
      OCTOPOOL_HOST: "relay.example.org",
      OCTOPOOL_LOGS_BUCKET: "octopool-logs",
      CLOUDFLARE_ACCOUNT_ID: "acc1",
    };
    // The bundle is the same with and without an account.
    const size = told.alone.filter(({ command }) => command === "deploy --dry-run");
    expect(size).toHaveLength(1);
    const first = await world.deploy(
      [],
      { ...env, ...answers, ...more },
      listening(wranglerProcess({ ...env, CLOUDFLARE_ACCOUNT_ID: "acc1" }), told.first, size),
    );
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
    expect(account.uploaded).toContain("PoolCoordinator");
    // Pages are made by the renderer that the Worker brings, not by a React that is not installed.
    expect(account.uploaded).not.toContain("react/jsx");
    expect(account.lifecycle.get("octopool-logs")).toMatchObject([
      { deleteObjectsTransition: { condition: { maxAge: 7 * 86_400, type: "Age" } } },
    ]);
    expect(cloudflare.calls.filter((call) => call.includes("/acc0/"))).toEqual([]);
    for (const secret of ["theApiTokenIsASecret", ...account.secrets.values()])
      expect(first.output).not.toContain(secret);

    const calls = cloudflare.calls.length;
    const before = await readFile(world.config, "utf8");
    // Its login, its bundle and the databases have not changed since it asked last.
    const kept = told.first.filter(({ command }) => /^(?:whoami|auth token|d1 list)\b/.test(command));
    const known = [...kept.toReversed(), ...size];
    const second = await world.deploy([], env, listening(wranglerProcess(env), told.second, known));
    expect([second.exitCode, second.output.includes("all are there")]).toEqual([0, true]);
    expect(await readFile(world.config, "utf8")).toBe(before);
    const changed = cloudflare.calls
      .slice(calls)
      .filter((call) => /d1\/database$|secrets-bulk|r2\/buckets$/.test(call));
    expect(changed.filter((call) => !call.startsWith("GET"))).toEqual([]);
  });
});

describe("the deployment reads the same from wrangler and from the stand-in", () => {
  /** In an account of the stand-in, with a configuration of its own. */
  async function copyOf(account: Partial<StandInAccount>): Promise<DeployWorld> {
    const copy = await makeWorld();
    onTestFinished(() => copy.remove());
    await copy.set({ accounts, ...account });
    return copy;
  }

  async function read(run: RunWrangler, config: string) {
    const asked = createWrangler({ config, dryRun: false, say: () => {}, run }).inAccount("acc1");
    const states = [await readLogin(asked), await readState(asked, config, await readConfiguration(config))];
    return [...states, await readBucket(asked, "octopool-logs", "octopool-logs-a-week")];
  }

  const nothing: RunWrangler = ([...args]) => expect.fail(`wrangler was not asked: ${args.join(" ")}`);

  test("an empty account", async () => {
    const copy = await copyOf({});
    const real = await read(listening(nothing, [], told.first), copy.config);
    expect(await read(within(copy.env), copy.config)).toEqual(real);
    expect(real[1]).toEqual({ database: undefined, secrets: [], pendingMigrations: await migrations() });
    expect(real[2]).toBe("missing");
  });

  test("an account with a relay", async () => {
    const copy = await copyOf({
      databases: cloudflare.account.databases,
      applied: cloudflare.account.applied,
      secrets: [...cloudflare.account.secrets.keys()],
      worker: "deployed",
      buckets: { "octopool-logs": ["octopool-logs-a-week"] },
    });
    await copyFile(world.config, copy.config);
    const real = await read(listening(nothing, [], [...told.second, ...told.first.toReversed()]), copy.config);
    expect(await read(within(copy.env), copy.config)).toEqual(real);
    expect(real[1]).toMatchObject({ database: databaseId, pendingMigrations: [] });
    expect(real[2]).toBe("ready");
  });

  test("a database without migrations", async () => {
    const empty = await startCloudflare({ accounts, databases: [{ name: "octopool", uuid: databaseId }] });
    const copy = await copyOf({ databases: empty.account.databases, worker: "deployed" });
    await writeConfiguration(copy.config, [edits.database(databaseId)]);
    const state = async (run: RunWrangler) => {
      const asked = createWrangler({ config: copy.config, dryRun: false, say: () => {}, run }).inAccount("acc1");
      return readState(asked, copy.config, await readConfiguration(copy.config));
    };
    const real = wranglerProcess({ ...realEnv(), CLOUDFLARE_API_BASE_URL: empty.url });
    const pretended = within(copy.env);
    const found = await state((args, start) => (args[1] === "execute" ? real : pretended)(args, start));
    expect(await state(pretended)).toEqual(found);
    expect(found.pendingMigrations).toEqual(await migrations());
    expect(empty.calls).toContainEqual(expect.stringMatching(/^POST .*\/query$/));
    await empty.close();
  });

  test("no account is logged in", async () => {
    const copy = await copyOf({ loggedIn: false });
    const login = async (run: RunWrangler) => {
      const { stdout, ok } = await run(["whoami", "--json"], { env: { CI: "true" }, input: "" });
      return [JSON.parse(stdout), ok];
    };
    const real = await login(listening(nothing, [], told.alone));
    expect(await login(within(copy.env))).toEqual(real);
    expect(real).toEqual([{ loggedIn: false }, false]);
  });
});

async function migrations(): Promise<string[]> {
  const names = await readdir(join(root, "relay-worker/migrations"));
  return names.filter((name) => name.endsWith(".sql")).sort();
}

type Commands = ReturnType<typeof experimental_getWranglerCommands>["registry"];

/** The words of a command, without its arguments. */
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
  const own = await makeWorld();
  onTestFinished(() => own.remove());
  const env = { ...answers, OCTOPOOL_LOGS_BUCKET: "y" };
  const first = await own.deploy([], { ...env, OCTOPOOL_E2E_HOST: relay.url });
  const second = await own.deploy([], { OCTOPOOL_E2E_HOST: relay.url });
  expect([first.exitCode, second.exitCode, first.exitCode === 0 ? "" : first.output]).toEqual([0, 0, ""]);
  const lines = [...(await own.calls()).map(({ args }) => args), ["login"]];
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
