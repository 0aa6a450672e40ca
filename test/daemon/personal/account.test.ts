import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Accounts } from "../../../daemon/personal/account.ts";

let directory: string;
let time: number;
let asked: number;
let saved: string | undefined;
let certain: boolean;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "accounts-"));
  [time, asked, saved, certain] = [1_000_000, 0, "saved-token", true];
});
afterEach(() => rm(directory, { recursive: true }));

function accounts(): Accounts {
  return new Accounts({
    now: () => time,
    isCertain: () => certain,
    ask: async () => {
      asked++;
      if (saved === undefined) throw new Error("gh has no token for github.com");
      return saved;
    },
  });
}

const env = () => ({ GH_CONFIG_DIR: directory });

test("gh is asked for its token once, and again when its files change", async () => {
  const known = accounts();
  expect(await known.of(env(), {})).toMatchObject({ token: "saved-token" });
  expect(await known.of(env(), {})).toMatchObject({ token: "saved-token" });
  expect(asked).toBe(1);
  await writeFile(join(directory, "hosts.yml"), "github.com:\n    user: bob\n");
  saved = "token-of-bob";
  expect(await known.of(env(), {})).toMatchObject({ token: "token-of-bob" });
});

test("a token that GitHub refused is asked for again", async () => {
  const known = accounts();
  const account = await known.of(env(), {});
  saved = "renewed";
  if (typeof account !== "string") known.forget(account.hash);
  await expect.poll(() => known.of(env(), {})).toMatchObject({ token: "renewed" });
});

test("a gh without an account is asked again after a while, not each time", async () => {
  const known = accounts();
  saved = undefined;
  expect(await known.of(env(), {})).toBe("none");
  expect(await known.of(env(), {})).toBe("none");
  expect(asked).toBe(1);
  saved = "logged-in-now";
  time += 31_000;
  expect(await known.of(env(), {})).toMatchObject({ token: "logged-in-now" });
});

test("GH_TOKEN goes before GITHUB_TOKEN, both before gh's saved one; one that was not sent is withheld", async () => {
  const known = accounts();
  const both = { ...env(), GH_TOKEN: "set", GITHUB_TOKEN: "set" };
  expect(await known.of(both, { GH_TOKEN: "one", GITHUB_TOKEN: "other" })).toMatchObject({ token: "one" });
  expect(await known.of({ ...env(), GITHUB_TOKEN: "set" }, { GITHUB_TOKEN: "other" })).toMatchObject({
    token: "other",
  });
  expect(await known.of({ ...env(), GH_TOKEN: "set" }, {})).toBe("withheld");
  expect(asked).toBe(0);
});

test.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE"])("with %s gh goes its own way", async (name) => {
  expect(await accounts().of({ ...env(), [name]: "x" }, { GH_TOKEN: "one" })).toBe("none");
});

test("a gh of which the account is not certain uses its own", async () => {
  certain = false;
  expect(await accounts().of(env(), { GH_TOKEN: "one" })).toBe("none");
});

test.each([
  ["api_host in hosts.yml", "hosts.yml", "github.com:\n    api_host: gateway.example\n"],
  ["a socket that needs a YAML parser", "config.yml", 'http_unix_socket: "/a b"\n'],
])("%s is not understood", async (_name, file, text) => {
  await writeFile(join(directory, file), text);
  expect(await accounts().of(env(), { GH_TOKEN: "one" })).toBe("none");
});

test("the socket of gh's settings is used", async () => {
  await writeFile(join(directory, "config.yml"), 'version: "1"\nhttp_unix_socket: /run/x.sock\n');
  expect(await accounts().of(env(), { GH_TOKEN: "one" })).toMatchObject({ socket: "/run/x.sock" });
});
