/**
 * The files that `octopool login` writes. Reading is plain files because the daemon does it on every change and a
 * settings library costs more to load than the daemon's whole answer; writing is in write.ts.
 */
import { OctopoolError } from "../errors.ts";
import { messageOf } from "../message-of.ts";
import { isObject, parseJson } from "../parse-json.ts";
import { readRegular } from "../regular-file.ts";

/** Where the token is. */
export type CredentialStore = "keyring" | "file";

export interface SavedSettings {
  /** Origin of the relay's API. */
  readonly server: string;
  readonly pool: string;
  readonly clientName: string;
  /** GitHub login that logged in. */
  readonly login: string;
  readonly store: CredentialStore;
  /** {@link fingerprint} of the token that belongs to this server: settings and token form one snapshot or none. */
  readonly tokenFingerprint: string;
}

/**
 * @returns `undefined` before the first login.
 * @throws OctopoolError `settings_corrupt`, naming the file.
 */
export function readSaved(path: string): SavedSettings | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  const value = parseObject(text);
  if (value === undefined) throw corrupt(path);
  if (Object.keys(value).length === 0) return undefined;
  const { server, pool, clientName, login, store, tokenFingerprint } = value;
  if (
    typeof server !== "string" ||
    !URL.canParse(server) ||
    typeof pool !== "string" ||
    typeof clientName !== "string" ||
    typeof login !== "string" ||
    (store !== "keyring" && store !== "file") ||
    typeof tokenFingerprint !== "string"
  )
    throw corrupt(path);
  return { server, pool, clientName, login, store, tokenFingerprint };
}

/** The text of a file; `undefined` when it does not exist. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readRegular(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw new OctopoolError("settings_corrupt", `${path} cannot be read: ${messageOf(error)}.`, {
      hint: "Correct its permissions, or remove it and run `octopool login`.",
      cause: error,
    });
  }
}

/** A JSON object, or `undefined` for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

function corrupt(path: string): OctopoolError {
  return new OctopoolError("settings_corrupt", `The settings in ${path} are damaged.`, {
    hint: `Remove ${path} and run \`octopool login\`.`,
  });
}
