/** Keeps a token where this machine can: the keyring, else a file; and finds it there again. */
import { OctopoolError } from "../../errors.ts";
import { type Environment, environmentChoice } from "../environment.ts";
import { credentialsPath } from "../paths.ts";
import type { CredentialStore, SavedSettings } from "../saved.ts";
import { readTokenFile, removeTokenFile, writeTokenFile } from "./file.ts";
import type { Keyring } from "./keyring.ts";

export interface StoredToken {
  readonly store: CredentialStore;
  /** Why the keyring was not used, when it was tried; to be printed once. */
  readonly keyringTrouble: string | undefined;
}

/**
 * @throws OctopoolError `credentials_unavailable` when the chosen store fails; `environment_invalid`.
 */
export async function storeToken(
  env: Environment,
  keyring: Keyring,
  server: string,
  token: string,
): Promise<StoredToken> {
  const choice = environmentChoice(env, "OCTOPOOL_CREDENTIAL_STORE") ?? "auto";
  if (choice === "file") return storeInFile(env, server, token, undefined);
  const answer = await keyring.set(server, token);
  if (answer.kind === "answer") {
    // An older token in the file would be a second copy of a secret, and soon a stale one.
    removeTokenFile(credentialsPath(env));
    return { store: "keyring", keyringTrouble: undefined };
  }
  if (choice === "keyring")
    throw new OctopoolError("credentials_unavailable", `The system keyring cannot keep the token: ${answer.reason}.`, {
      hint: "Unlock or start it, or set OCTOPOOL_CREDENTIAL_STORE=file to keep the token in a private file.",
    });
  return storeInFile(env, server, token, answer.reason);
}

function storeInFile(env: Environment, server: string, token: string, keyringTrouble: string | undefined): StoredToken {
  writeTokenFile(credentialsPath(env), server, token);
  return { store: "file", keyringTrouble };
}

/**
 * The token that was saved for these settings' server; `undefined` when the store no longer has it.
 * @throws OctopoolError `credentials_unavailable` when the keyring cannot be asked; `credentials_corrupt`.
 */
export async function findToken(
  env: Environment,
  keyring: Keyring,
  saved: Pick<SavedSettings, "server" | "store">,
): Promise<string | undefined> {
  if (saved.store === "file") return readTokenFile(credentialsPath(env), saved.server);
  const answer = await keyring.get(saved.server);
  if (answer.kind === "answer") return answer.value;
  throw new OctopoolError("credentials_unavailable", `The system keyring cannot be read: ${answer.reason}.`, {
    hint: "Unlock or start it, set OCTOPOOL_TOKEN, or run `OCTOPOOL_CREDENTIAL_STORE=file octopool login`.",
  });
}

/** Forgets the token everywhere it may be. A keyring that does not answer is reported, not an error. */
export async function forgetToken(
  env: Environment,
  keyring: Keyring,
  saved: SavedSettings,
): Promise<string | undefined> {
  removeTokenFile(credentialsPath(env));
  if (saved.store !== "keyring") return undefined;
  const answer = await keyring.delete(saved.server);
  return answer.kind === "unavailable" ? answer.reason : undefined;
}
