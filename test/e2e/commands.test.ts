/** The commands of people and operators, against the very relay of production and an emulated GitHub. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMachine, type Machine } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { demoPath, type GitHub, loadWorld, startGitHub } from "../github-emulator/index.ts";
import { adminToken, member, startDemoRelay } from "./support/demo-relay.ts";

const operator = { OCTOPOOL_ADMIN_TOKEN: adminToken };

let github: GitHub;
let relay: LocalRelay;
let laptop: Machine;

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function octopool(line: string, env: Readonly<Record<string, string>> = {}, machine = laptop): Promise<Said> {
  const { stdout, stderr, exitCode } = await machine.run(line.split(" "), env);
  return { stdout: new TextDecoder().decode(stdout), stderr, exitCode };
}

const admin = (line: string) => octopool(`admin ${line}`, { ...operator, OCTOPOOL_URL: relay.url });

beforeAll(async () => {
  github = await startGitHub({ world: loadWorld(demoPath), port: 0 });
  relay = await startDemoRelay(github.url, { identity: null });
  laptop = await createMachine("laptop", { GH_TOKEN: member });
});

afterAll(async () => {
  await laptop?.close();
  await relay?.close();
  await github?.close();
});

describe("one pool, from its first identity to the last logout", () => {
  test("the operator gives the pool an identity and a policy", async () => {
    const added = await admin("identity add bot1 --login lumen-robot --secret-ref POOL_TOKEN --scope *");
    expect(added).toMatchObject({ exitCode: 0, stdout: "✓ bot1 serves pool maintainers: *\n", stderr: "" });
    const policy = await admin("pool set-policy --allowed-owner lumen-labs --allow-search on --json");
    expect(JSON.parse(policy.stdout).policy).toMatchObject({ allowed_owners: ["lumen-labs"], allow_search: true });
    expect((await admin("identity weight bot1 2")).stdout).toBe("✓ bot1 has weight 2\n");
    expect((await admin("identity list")).stdout).toMatch(/bot1 +token +lumen-robot +\* +×2 +enabled +POOL_TOKEN/);
    expect((await admin("pool list")).stdout).toMatch(/maintainers +1 /);
    expect((await admin("pool show")).stdout).toMatch(/owners +lumen-labs/);
  });

  test("the early form of `admin identity` does the same", async () => {
    const added = await admin(
      "identity --id bot2 --kind pat --login lumen-robot --secret-ref POOL_TOKEN --scope lumen-labs",
    );
    expect(added.exitCode).toBe(0);
    expect((await admin("identity disable bot2")).exitCode).toBe(0);
    expect((await admin("identity list")).stdout).toMatch(/bot2 .*disabled/);
  });

  test("a wrong operator's token is refused", async () => {
    const env = { OCTOPOOL_ADMIN_TOKEN: "wrong", OCTOPOOL_URL: relay.url };
    expect(await octopool("admin pool list", env)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("OCTOPOOL_ADMIN_TOKEN"),
    });
  });

  test("a member of the organisation logs in; another user does not", async () => {
    const outsider = await octopool(`login ${relay.url}`, { GH_TOKEN: "demo-token-outsider" });
    expect(outsider).toMatchObject({ exitCode: 4, stdout: "", stderr: expect.stringContaining("octopool:") });
    const login = await octopool(`login ${relay.url}`);
    expect(login.stdout).toBe(`✓ Logged in to ${relay.url} as ada-okafor (pool maintainers, this machine: laptop)\n`);
    expect(JSON.parse((await octopool("whoami --json")).stdout)).toMatchObject({ login: "ada-okafor", accepted: true });
  });

  test("request prints the relay's envelope: first GitHub, then the cache", async () => {
    const path = "request --path /repos/lumen-labs/lantern";
    const first = JSON.parse((await octopool(path)).stdout);
    const second = JSON.parse((await octopool(path)).stdout);
    expect([first.relay.cache, second.relay.cache]).toEqual(["miss", "hit"]);
    expect(second).toMatchObject({ status: 200, body: { full_name: "lumen-labs/lantern" } });
    const secret = await octopool("request --path /repos/lumen-labs/treasury");
    expect(secret).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("repo_not_public") });
  });

  test("stats, health and doctor tell the same story", async () => {
    await expect
      .poll(async () => JSON.parse((await octopool("stats --json")).stdout).relay.totals.requests, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(3);
    const { relay: pool, client } = JSON.parse((await octopool("stats --json --since 1h")).stdout);
    expect(client).toBe("laptop");
    expect(pool.totals).toMatchObject({ hits: 1, local_fallbacks: 1 });
    expect(pool.totals.github_calls).toBeGreaterThan(0);
    const page = await octopool("stats");
    expect(page.stdout).toMatch(/relay's cache +1 /);
    expect(page.stdout).toMatch(/repo_not_public +1\n/);
    expect(await octopool("stats --since 90d")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("up to 30d"),
    });
    expect(await octopool("health")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 of 1 identity healthy"),
    });
    const doctor = JSON.parse((await octopool("doctor --json")).stdout);
    const found = Object.fromEntries(
      doctor.checks.map((check: { name: string; status: string }) => [check.name, check.status]),
    );
    // workerd alone sends no date; Cloudflare does.
    expect(found).toMatchObject({ clock: "skipped", login: "ok", pool: "ok", token: "ok" });
    const server = doctor.checks.find((check: { name: string }) => check.name === "server");
    // A busy machine answers late, which is the one warning here.
    expect(`${server.status}: ${server.message}`).toMatch(
      /^(?:ok: \S+ answers in \d+ ms|warning: \S+ answers, slowly: \d+ ms)$/,
    );
  });

  test("the operator sees the callers, purges, and creates a caller by hand", async () => {
    await expect
      .poll(async () => (await admin("audit")).stdout, { timeout: 20_000 })
      .toMatch(/200 .*ada-okafor.*lumen-labs\/lantern/);
    expect((await admin("cache purge --repo lumen-labs/lantern")).stdout).toMatch(
      /Purged \d+ entr(y|ies) of lumen-labs\/lantern/,
    );
    const after = JSON.parse((await octopool("request --path /repos/lumen-labs/lantern")).stdout);
    expect(after.relay.cache).not.toBe("hit");
    const added = await admin("caller add bjorn-lind --pool maintainers");
    expect(added.stdout).toMatch(/^op_[\w-]{43}\n$/);
    const env = { OCTOPOOL_URL: relay.url, OCTOPOOL_TOKEN: added.stdout.trim() };
    expect((await octopool("health", env)).exitCode).toBe(0);
    expect((await admin("caller grant-dashboard ada-okafor")).stdout).toBe("✓ ada-okafor may use the dashboard\n");
    expect(JSON.parse((await admin("caller list --json")).stdout)).toContainEqual(
      expect.objectContaining({ github_login: "ada-okafor", dashboard_role: "admin" }),
    );
    expect(await admin("caller grant-dashboard bjorn-lind")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("has not logged in yet"),
    });
    expect((await admin("caller disable bjorn-lind")).exitCode).toBe(0);
    expect((await octopool("health", env)).exitCode).toBe(4);
    expect((await admin("caller list")).stdout).toMatch(/ada-okafor .*1 machine/);
  });

  test("a token that the operator revoked is told from a login that never was", async () => {
    expect((await admin("caller revoke ada-okafor --client laptop")).stdout).toContain(
      "Revoked 1 token of ada-okafor: laptop",
    );
    expect(await octopool("whoami")).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("octopool login") });
    expect((await octopool(`login ${relay.url}`)).exitCode).toBe(0);
  });

  test("logout revokes: the token no longer works anywhere", async () => {
    const settings = join(laptop.env.XDG_CONFIG_HOME ?? "", "octopool/credentials.json");
    const { token } = JSON.parse(await readFile(settings, "utf8"));
    const env = { OCTOPOOL_URL: relay.url, OCTOPOOL_TOKEN: token };
    expect((await octopool("health", env)).exitCode).toBe(0);
    expect(await octopool("logout")).toMatchObject({ exitCode: 0, stdout: `✓ Logged out of ${relay.url}\n` });
    expect((await octopool("health", env)).exitCode).toBe(4);
    expect((await octopool("whoami")).exitCode).toBe(4);
  });
});
