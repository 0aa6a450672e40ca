import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers, type DeployWorld, makeWorld } from "./world.ts";

let world: DeployWorld;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

describe("--check", () => {
  test("names each missing part and its remedy, ends with 1, and changes nothing", async () => {
    const { exitCode, output } = await world.start(["--check"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("✗ D1 database octopool: npm run deploy makes it");
    expect(output).toContain("✗ secret OCTOPOOL_ADMIN_TOKEN: ");
    expect(output).toContain("✓ plan: not told");
    for (const line of output.split("\n").filter((each) => /^[✗–]/.test(each))) expect(line).toMatch(/^. .+: .+/);
    expect(await world.changes()).toEqual([]);
  });

  test("answers programs with JSON", async () => {
    const { exitCode, output } = await world.deploy(["--check", "--json"]);
    const { ok, findings } = JSON.parse(output);
    expect([exitCode, ok]).toEqual([1, false]);
    expect(findings).toContainEqual({ what: "account Acme (acc0)", state: "ok" });
  });

  test("without a login says so, and checks all that needs none", async () => {
    await world.set({ loggedIn: false });
    const { exitCode, output } = await world.deploy(["--check"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("✗ Cloudflare login: npm run deploy logs in");
    expect(output).toContain("✗ ALLOWED_GITHUB_USERS");
  });

  test("finds a Worker that the plan does not take", async () => {
    await world.set({ bundle: 4 * 1024 * 1024 });
    const { output } = await world.deploy(["--check"]);
    expect(output).toContain("✗ Worker: 4096 KiB compressed, over the free plan's 3 MiB");
  });
});

describe("options", () => {
  test.each([[["--nonsense"]], [["--json"]], [["--check", "--dry-run"]]])(
    "%j is told, and ends with 2",
    async (args) => {
      const { exitCode, output } = await world.deploy(args);
      expect(exitCode).toBe(2);
      expect(output).toContain("See npm run deploy -- --help");
      expect(await world.calls()).toEqual([]);
    },
  );

  test("--help names every option, variable and exit code", async () => {
    const { exitCode, output } = await world.deploy(["--help"]);
    expect(exitCode).toBe(0);
    for (const word of ["--dry-run", "--check", "--json", "--config", ...Object.keys(answers), "130", "Example"])
      expect(output).toContain(word);
  });
});
