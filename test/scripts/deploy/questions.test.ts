/** The answers of people, or of the environment in their place, and the result when there are none. */
import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chooseAccount } from "../../../scripts/deploy/account.ts";
import { createAsker } from "../../../scripts/deploy/ask.ts";
import { edits, writeConfiguration } from "../../../scripts/deploy/configuration.ts";
import { answers, type DeployWorld, makeWorld } from "./world.ts";

let world: DeployWorld;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

describe("without a terminal", () => {
  test("an unanswered question names its variable, before anything is changed", async () => {
    const { exitCode, output } = await world.start();
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toContain("ALLOWED_GITHUB_ORG is not set");
    expect(output).toContain("OCTOPOOL_GITHUB_ORG_TOKEN is not set");
    expect(output).not.toContain("OCTOPOOL_HOST is not set");
  });

  test("all wrong answers are told at once, before anything is changed, and no secret with them", async () => {
    const curve = join(world.home, "curve.pem");
    const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    await writeFile(curve, key.export({ type: "pkcs8", format: "pem" }));
    const { exitCode, output } = await world.deploy([], {
      ALLOWED_GITHUB_ORG: "acme--inc",
      OCTOPOOL_HOST: "https://relay.example.org/",
      GITHUB_OAUTH_CLIENT_ID: "not one",
      OCTOPOOL_GITHUB_ORG_TOKEN: "my password",
      OCTOPOOL_GITHUB_APP_ID: "4711",
      POOL_APP_KEY: curve,
      OCTOPOOL_LOGS_BUCKET: "Logs!",
      GITHUB_OAUTH_CLIENT_SECRET: "theClientSecretIsASecret",
    });
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toContain("ALLOWED_GITHUB_ORG: ");
    expect(output).toContain("OCTOPOOL_HOST: ");
    expect(output).toContain("GITHUB_OAUTH_CLIENT_ID: ");
    expect(output).toContain("OCTOPOOL_GITHUB_ORG_TOKEN: This is no GitHub token");
    expect(output).toContain("curve.pem holds no RSA private key");
    expect(output).toContain("OCTOPOOL_LOGS_BUCKET: ");
    // A setting that is missing only because another answer is wrong is not reported as well.
    expect(output).not.toContain("is of use with");
    expect(output).not.toContain("my password");
  });

  test("an answer that is of no use without another is told, unless it is empty", async () => {
    const { output } = await world.deploy([], { ...answers, GITHUB_OAUTH_CLIENT_ID: "", POOL_APP_KEY: "" });
    expect(output).toContain("GITHUB_OAUTH_CLIENT_SECRET is of use with GITHUB_OAUTH_CLIENT_ID only");
    expect(output).not.toContain("POOL_APP_KEY is");
    expect(await world.changes()).toEqual([]);
  });

  test.each([
    ["nowhere.pem", "cannot be read"],
    ["wrangler.jsonc", "holds no RSA private key"],
  ])("an App's key in %s: %s", async (file, problem) => {
    const { output } = await world.deploy([], {
      ...answers,
      OCTOPOOL_GITHUB_APP_ID: "4711",
      POOL_APP_KEY: join(world.home, file),
    });
    expect(output).toContain(problem);
    expect(await world.changes()).toEqual([]);
  });

  test("without a login the error names the variable for one", async () => {
    await world.set({ loggedIn: false });
    const { exitCode, output } = await world.deploy([], answers);
    expect([exitCode, output.includes("CLOUDFLARE_API_TOKEN"), await world.changes()]).toEqual([1, true, []]);
  });

  test("wrangler that cannot ask Cloudflare is an error, not a missing login", async () => {
    await world.set({ broken: "whoami" });
    const { exitCode, output } = await world.deploy([], answers);
    expect([exitCode, output.includes("wrangler did not tell its login")]).toEqual([1, true]);
  });
});

describe("several accounts", () => {
  const accounts = [
    { id: "acc0", name: "Acme" },
    { id: "acc1", name: "Beta" },
  ];

  test("without a choice are named, and nothing is changed", async () => {
    await world.set({ accounts });
    const { exitCode, output } = await world.deploy([], answers);
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toMatch(/CLOUDFLARE_ACCOUNT_ID to one of:\n\s+1 {2}Acme \(acc0\)\n\s+2 {2}Beta \(acc1\)/);
  });

  test("one that the login does not see is refused", async () => {
    await writeConfiguration(world.config, [edits.account("acc9")]);
    const { exitCode, output } = await world.deploy([], answers);
    expect([exitCode, await world.changes()]).toEqual([1, []]);
    expect(output).toContain("does not see the account acc9 of wrangler.jsonc");
  });

  test("at a terminal are a numbered list; a wrong number is asked again", async () => {
    const { asker, input, output } = terminal({});
    const chosen = chooseAccount(accounts, "", asker);
    input.write("3\r");
    await expect.poll(() => seen(output)).toContain('"3" is none of 1 to 2.');
    input.write("2\r");
    expect(await chosen).toEqual({ account: accounts[1], chosen: true });
  });
});

const chunks = new WeakMap<PassThrough, string[]>();
const seen = (stream: PassThrough) => chunks.get(stream)?.join("") ?? "";

function terminal(env: Record<string, string>) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = new PassThrough();
  const written: string[] = [];
  chunks.set(output, written);
  output.on("data", (chunk) => written.push(String(chunk)));
  return { asker: createAsker({ input, output }, env), input, output };
}

describe("a question at a terminal", () => {
  test("hides a secret's answer", async () => {
    const { asker, input, output } = terminal({});
    const asked = asker.ask({ name: "SECRET", text: "Secret?", hidden: true });
    input.write("hush-hush\r");
    expect(await asked).toBe("hush-hush");
    expect(seen(output)).toBe("Secret? \n");
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("ends with %s, and says that it is safe to run again", async (_name, key) => {
    const { asker, input } = terminal({});
    const asked = asker.ask({ name: "SECRET", text: "Secret?", hidden: true });
    input.write(key);
    await expect(asked).rejects.toThrow("nothing was changed. It is safe to run it again.");
  });

  test("is not asked when the environment answers it", async () => {
    const { asker, output } = terminal({ ORG: " acme " });
    expect(await asker.ask({ name: "ORG", text: "Which?" })).toBe("acme");
    expect(seen(output)).toBe("");
  });
});
