/** The plan is asked of Cloudflare's API with wrangler's credential, and never stops anything. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeBundle, describePlan } from "../../../scripts/deploy/plan.ts";
import { type AccountState, startCloudflare } from "./cloudflare.ts";
import { accountToken, type DeployWorld, makeWorld } from "./world.ts";

let world: DeployWorld;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

async function planLine(account: Partial<AccountState>) {
  const cloudflare = await startCloudflare(account);
  const { output } = await world.deploy(["--dry-run"], { OCTOPOOL_CLOUDFLARE_API: cloudflare.url });
  await cloudflare.close();
  expect(output).not.toContain(accountToken);
  return {
    line: /^plan: .*$/m.exec(output)?.[0] ?? "",
    credentials: [...cloudflare.credentials],
    calls: cloudflare.calls,
  };
}

describe("a deployment tells the plan", () => {
  test.each<[string, Partial<AccountState>, string]>([
    ["paid", { plans: ["teams_free", "workers_paid"] }, "plan: Workers Paid"],
    ["free", { plans: ["teams_free"] }, "plan: Workers Free: a day 100,000 requests"],
    [
      "not to be read",
      { plans: undefined },
      "plan: not told: this login may not read subscriptions (a token with Billing Read may)",
    ],
  ])("%s", async (_case, account, beginning) => {
    const { line, credentials, calls } = await planLine(account);
    expect(line.slice(0, beginning.length)).toBe(beginning);
    expect(credentials).toEqual([`Bearer ${accountToken}`]);
    expect(calls).toEqual(["GET /accounts/acc0/subscriptions"]);
  });

  test("without an answer the deployment goes on", async () => {
    const { exitCode, output } = await world.deploy(["--dry-run"]);
    expect([exitCode, output.includes("plan: not told: Cloudflare's API did not answer")]).toEqual([0, true]);
  });
});

test("anything but the paid plan comes with its limits and the page that changes it", () => {
  expect(describePlan("free", "acc0")).toMatch(
    /100,000 requests.*10 ms of CPU.*dash\.cloudflare\.com\/acc0\/workers\/plans$/,
  );
});

test.each([
  [3 * 1024 * 1024, "free", "3072 KiB compressed, within the free plan's 3 MiB"],
  [3 * 1024 * 1024 + 1, "unreadable", "3073 KiB compressed, over the free plan's 3 MiB"],
  [3 * 1024 * 1024 + 1, "paid", "3073 KiB compressed, within the paid plan's 10 MiB"],
] as const)("a Worker of %d bytes on a plan that is %s", (bytes, plan, said) => {
  expect(describeBundle(bytes, plan)).toBe(said);
});
