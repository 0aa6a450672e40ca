/** A private home directory, and a keyring that lives in a map. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { fingerprint } from "../../../shared/settings/credentials/fingerprint.ts";
import type { Keyring } from "../../../shared/settings/credentials/keyring.ts";
import { storeToken } from "../../../shared/settings/credentials/store.ts";
import { writeSaved } from "../../../shared/settings/write.ts";

export function privateHome(): { readonly HOME: string; readonly XDG_CONFIG_HOME: string } {
  const home = mkdtempSync(join(tmpdir(), "octopool-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return { HOME: home, XDG_CONFIG_HOME: join(home, "config") };
}

export function mapKeyring(entries = new Map<string, string>()): Keyring & { readonly entries: Map<string, string> } {
  return {
    entries,
    get: async (account) => ({ kind: "answer", value: entries.get(account) }),
    set: async (account, secret) => {
      entries.set(account, secret);
      return { kind: "answer", value: undefined };
    },
    delete: async (account) => ({ kind: "answer", value: entries.delete(account) }),
  };
}

export function brokenKeyring(reason = "no service"): Keyring {
  const answer = async () => ({ kind: "unavailable", reason }) as const;
  return { get: answer, set: answer, delete: answer };
}

export const token = `op_${"a".repeat(43)}`;
export const otherToken = `op_${"b".repeat(43)}`;

/** The files of a login. */
export async function logIn(
  env: Readonly<Record<string, string>>,
  keyring: Keyring,
  { server = "https://relay.example", secret = token } = {},
): Promise<void> {
  const { store } = await storeToken(env, keyring, server, secret);
  await writeSaved(env, {
    server,
    pool: "team",
    clientName: "laptop",
    login: "mona",
    store,
    tokenFingerprint: fingerprint(secret),
  });
}
