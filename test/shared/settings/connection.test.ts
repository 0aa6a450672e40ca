import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import {
  connectionFiles,
  connectionStamp,
  readConnection,
  resolveTarget,
} from "../../../shared/settings/connection.ts";
import { forgetToken } from "../../../shared/settings/credentials/store.ts";
import { credentialsPath, settingsPath } from "../../../shared/settings/paths.ts";
import { readSaved } from "../../../shared/settings/saved.ts";
import { clearSaved } from "../../../shared/settings/write.ts";
import { brokenKeyring, logIn, mapKeyring, otherToken, privateHome, token } from "./support.ts";

describe("precedence", () => {
  const saved = {
    server: "https://relay.example",
    pool: "team",
    clientName: "laptop",
    login: "mona",
    store: "file",
    tokenFingerprint: "",
  } as const;

  test("a flag goes before the environment, the environment before the saved values", () => {
    const env = { OCTOPOOL_POOL: "env-pool", OCTOPOOL_CLIENT: "env-client" };
    expect(resolveTarget({ env, flags: { pool: "flag-pool" } }, saved)).toEqual({
      server: "https://relay.example",
      pool: "flag-pool",
      clientName: "env-client",
    });
    expect(resolveTarget({ env: {} }, saved)).toEqual({
      server: "https://relay.example",
      pool: "team",
      clientName: "laptop",
    });
  });

  test("nothing saved for one server applies to another", () => {
    const target = resolveTarget({ env: { OCTOPOOL_URL: "https://other.example", OCTOPOOL_CLIENT: "c" } }, saved);
    expect(target).toEqual({ server: "https://other.example", pool: "maintainers", clientName: "c" });
  });

  test("without anything it is an error: there is no built-in relay", () => {
    expect(() => resolveTarget({ env: {} }, undefined)).toThrow(/No relay is named/);
  });
});

describe.each([
  ["keyring", () => mapKeyring()],
  ["file", () => brokenKeyring()],
] as const)("a login kept in the %s", (store, makeKeyring) => {
  test("is read back as one snapshot", async () => {
    const [env, keyring] = [privateHome(), makeKeyring()];
    await logIn(env, keyring);
    expect(readSaved(settingsPath(env))?.store).toBe(store);
    expect(await readConnection({ env, keyring })).toEqual({
      server: "https://relay.example",
      pool: "team",
      clientName: "laptop",
      token,
    });
  });

  test("its token never goes to another server", async () => {
    const [env, keyring] = [privateHome(), makeKeyring()];
    await logIn(env, keyring);
    expect(await readConnection({ env: { ...env, OCTOPOOL_URL: "https://other.example" }, keyring })).toBeUndefined();
    expect(await readConnection({ env, keyring, flags: { server: "https://other.example" } })).toBeUndefined();
  });

  test("changes the stamp, and so does the logout", async () => {
    const [env, keyring] = [privateHome(), makeKeyring()];
    const before = connectionStamp(connectionFiles(env));
    await logIn(env, keyring);
    const during = connectionStamp(connectionFiles(env));
    expect(during).not.toBe(before);
    expect(connectionStamp(connectionFiles(env))).toBe(during);
    const saved = readSaved(settingsPath(env));
    if (saved === undefined) throw new Error("nothing was saved");
    expect(await forgetToken(env, keyring, saved)).toBeUndefined();
    await clearSaved(env);
    expect(connectionStamp(connectionFiles(env))).not.toBe(during);
    expect(await readConnection({ env, keyring })).toBeUndefined();
  });

  test("leaves the token in no file but the credentials', and that one is private", async () => {
    const [env, keyring] = [privateHome(), makeKeyring()];
    await logIn(env, keyring);
    const directory = dirname(settingsPath(env));
    const holders = readdirSync(directory).filter((name) =>
      readFileSync(`${directory}/${name}`, "utf8").includes(token),
    );
    expect(holders).toEqual(store === "file" ? ["credentials.json"] : []);
    if (store === "file") expect(statSync(credentialsPath(env)).mode & 0o777).toBe(0o600);
    expect(statSync(settingsPath(env)).mode & 0o777).toBe(0o600);
  });
});

test("a token that is not the one the settings speak of is an error, not a wrong caller", async () => {
  const [env, keyring] = [privateHome(), mapKeyring()];
  await logIn(env, keyring);
  keyring.entries.set("https://relay.example", otherToken);
  await expect(readConnection({ env, keyring })).rejects.toMatchObject({ code: "credentials_corrupt" });
});

test("a read in the middle of another login finds the new one", async () => {
  const env = privateHome();
  const keyring = mapKeyring();
  await logIn(env, keyring);
  keyring.entries.set("https://relay.example", otherToken);
  const racing = {
    ...keyring,
    get: async (account: string) => {
      const answer = await keyring.get(account);
      await logIn(env, keyring, { secret: otherToken });
      return answer;
    },
  };
  expect(await readConnection({ env, keyring: racing })).toMatchObject({ token: otherToken });
});

test("OCTOPOOL_TOKEN needs no login and asks no keyring", async () => {
  const env = { ...privateHome(), OCTOPOOL_URL: "https://ci.example", OCTOPOOL_TOKEN: token, OCTOPOOL_POOL: "ci" };
  expect(await readConnection({ env, keyring: brokenKeyring() })).toMatchObject({
    server: "https://ci.example",
    pool: "ci",
    token,
  });
});

test("a keyring that held the token and no longer answers is named, with the ways out", async () => {
  const env = privateHome();
  await logIn(env, mapKeyring());
  await expect(readConnection({ env, keyring: brokenKeyring("it is locked") })).rejects.toMatchObject({
    code: "credentials_unavailable",
    message: "The system keyring cannot be read: it is locked.",
    hint: expect.stringContaining("OCTOPOOL_TOKEN"),
  });
});

test("OCTOPOOL_CREDENTIAL_STORE=keyring refuses to fall back to a file", async () => {
  const env = { ...privateHome(), OCTOPOOL_CREDENTIAL_STORE: "keyring" };
  await expect(logIn(env, brokenKeyring())).rejects.toMatchObject({ code: "credentials_unavailable" });
});

test.each(["{", "[]", '{"server":1}', '{"server":"https://relay.example"}'])(
  "damaged settings %j are reported with their file",
  async (text) => {
    const [env, keyring] = [privateHome(), mapKeyring()];
    await logIn(env, keyring);
    writeFileSync(settingsPath(env), text);
    await expect(readConnection({ env, keyring })).rejects.toMatchObject({
      code: "settings_corrupt",
      message: expect.stringContaining(settingsPath(env)),
    });
  },
);

test("damaged credentials are reported with their file, and a login repairs both", async () => {
  const [env, keyring] = [privateHome(), brokenKeyring()];
  await logIn(env, keyring);
  writeFileSync(credentialsPath(env), "{");
  await expect(readConnection({ env, keyring })).rejects.toMatchObject({
    code: "credentials_corrupt",
    message: expect.stringContaining(credentialsPath(env)),
  });
  writeFileSync(settingsPath(env), "{");
  await logIn(env, keyring);
  expect(await readConnection({ env, keyring })).toMatchObject({ token });
});

test("a credentials file that was left open to others is closed by the next login", async () => {
  const [env, keyring] = [privateHome(), brokenKeyring()];
  await logIn(env, keyring);
  chmodSync(credentialsPath(env), 0o644);
  await logIn(env, keyring, { secret: otherToken });
  expect(statSync(credentialsPath(env)).mode & 0o777).toBe(0o600);
});
