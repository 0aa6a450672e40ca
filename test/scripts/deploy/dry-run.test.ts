import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { edits, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { answers, databaseId, makeWorld, root, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

const steps = [
  "[1/9] Cloudflare: login, account and plan",
  "[2/9] Questions",
  "would run: wrangler d1 create octopool",
  "would write: database_id",
  "would run: wrangler d1 migrations apply octopool --remote",
  "OCTOPOOL_ADMIN_TOKEN",
  "would run: wrangler secret bulk",
  "would run: wrangler deploy",
  "would run: npm run e2e",
  "octopool admin identity add",
  "octopool login",
  "octopool admin caller grant-dashboard",
];

test.each([true, false])("tells every step in order and changes nothing (logged in: %s)", async (loggedIn) => {
  await world.set({ loggedIn });
  const before = await readFile(world.config, "utf8");
  const { exitCode, output } = await world.deploy(["--dry-run"], answers);
  expect(exitCode).toBe(0);
  const places = steps.map((step) => output.indexOf(step));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(output).toContain("would write: ALLOWED_GITHUB_ORG = acme");
  expect(output.includes("would run: wrangler login")).toBe(!loggedIn);
  expect(await world.changes()).toEqual([]);
  expect(await readFile(world.config, "utf8")).toBe(before);
  await expect(stat(world.tokenFile)).rejects.toThrow();
});

test("needs no answers: it says what it would ask", async () => {
  const { exitCode, output } = await world.deploy(["--dry-run"]);
  expect(exitCode).toBe(0);
  expect(output).toContain("would ask: ALLOWED_GITHUB_ORG");
});

test.each([
  ["whoami", "wrangler did not tell who is logged in"],
  ["d1 list", "wrangler did not tell the D1 databases"],
])("tells every step even when %s cannot be asked", async (broken, why) => {
  await world.set({ broken });
  const { exitCode, output } = await world.deploy(["--dry-run"], answers);
  expect([exitCode, steps.filter((step) => !output.includes(step))]).toEqual([0, []]);
  expect(output).toContain(why);
});

test("without a login, wrangler.jsonc of a relay that is deployed already is none to stumble over", async () => {
  await world.set({ loggedIn: false });
  await writeConfiguration(world.config, [edits.database(databaseId)]);
  expect((await world.deploy(["--dry-run"])).exitCode).toBe(0);
});

test("finds a wrong answer of the environment", async () => {
  const { exitCode, output } = await world.deploy(["--dry-run"], { ALLOWED_GITHUB_ORG: "https://github.com/acme" });
  expect([exitCode, output.includes("is no GitHub organisation's name")]).toEqual([1, true]);
});

test("docs/self-hosting.md shows what it prints, without an account, through the real wrangler", async () => {
  const { OCTOPOOL_WRANGLER: _, ...env } = world.env;
  const { exitCode, output } = await world.deploy(["--dry-run"], {
    ...env,
    OCTOPOOL_WRANGLER: join(root, "node_modules/.bin/wrangler"),
  });
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
