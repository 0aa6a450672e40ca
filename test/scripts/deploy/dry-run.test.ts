import { readFile, stat } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { edits, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { answers, type DeployWorld, makeWorld } from "./world.ts";
import { databaseId } from "./wrangler-stand-in.ts";

let world: DeployWorld;
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

test.each<[boolean, "start" | "deploy"]>([
  [true, "start"],
  [false, "deploy"],
])("tells every step in order and changes nothing (logged in: %s)", async (loggedIn, way) => {
  await world.set({ loggedIn });
  const before = await readFile(world.config, "utf8");
  const { exitCode, output } = await world[way](["--dry-run"], answers);
  expect(exitCode).toBe(0);
  // Started in a pipe: nothing is bold.
  expect(output).not.toContain("\u001b");
  const places = steps.map((step) => output.indexOf(step));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(output).toContain("would write: ALLOWED_GITHUB_ORG = acme");
  expect(output.includes("would run: wrangler login")).toBe(!loggedIn);
  expect(await world.changes()).toEqual([]);
  expect(await readFile(world.config, "utf8")).toBe(before);
  await expect(stat(world.tokenFile)).rejects.toThrow();
});

test("needs no answers: it prints its questions", async () => {
  const { exitCode, output } = await world.deploy(["--dry-run"]);
  expect(exitCode).toBe(0);
  expect(output).toContain("would ask: ALLOWED_GITHUB_ORG");
});

test.each([
  ["whoami", "wrangler did not tell its login"],
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
