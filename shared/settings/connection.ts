/** The relay of this machine and the caller's login: address and token always come from one snapshot. */
import { hostname } from "node:os";
import { OctopoolError } from "../errors.ts";
import { stampOf } from "../regular-file.ts";
import { fingerprint } from "./credentials/fingerprint.ts";
import { type Keyring, systemKeyring } from "./credentials/keyring.ts";
import { findToken } from "./credentials/store.ts";
import { type Environment, environmentFlag, environmentText } from "./environment.ts";
import { credentialsPath, settingsPath } from "./paths.ts";
import { parseServer } from "./relay-address.ts";
import { readSaved, type SavedSettings } from "./saved.ts";

export interface Connection {
  /** Origin of the relay's API, without a trailing slash. */
  readonly server: string;
  readonly pool: string;
  /** This machine's name at the relay. */
  readonly clientName: string;
  /** Caller token `op_…`; never logged, never in an argument. */
  readonly token: string;
}

/** The command line's values; they go before everything else. */
export interface ConnectionFlags {
  readonly server?: string | undefined;
  readonly pool?: string | undefined;
  readonly clientName?: string | undefined;
}

interface ConnectionSource {
  readonly env: Environment;
  readonly flags?: ConnectionFlags;
  /** For tests, and for a longer timeout; by default the system's, with {@link keyringPatienceMs}. */
  readonly keyring?: Keyring;
}

/** How long a reader waits for the keyring, in milliseconds. */
export const keyringPatienceMs = 5000;

/** The pool of a server that names none. */
const defaultPool = "maintainers";

/** {@link Connection} without the secret, for commands that do not act as a caller. */
type Target = Omit<Connection, "token">;

/**
 * Flag > environment > saved; settings saved for another server do not apply to this one.
 * @throws OctopoolError `not_logged_in` when none of them names a relay, `insecure_server`.
 */
export function resolveTarget(source: ConnectionSource, saved: SavedSettings | undefined): Target {
  const { env, flags = {} } = source;
  const address = flags.server ?? environmentText(env, "OCTOPOOL_URL") ?? saved?.server;
  if (address === undefined) {
    throw new OctopoolError("not_logged_in", "No relay is named, and you are not logged in to one.", {
      hint: "Run `octopool login ADDRESS`, or set OCTOPOOL_URL.",
    });
  }
  const server = parseServer(address, environmentFlag(env, "OCTOPOOL_ALLOW_INSECURE_LOGIN"));
  const here = saved?.server === server ? saved : undefined;
  return {
    server,
    pool: flags.pool ?? environmentText(env, "OCTOPOOL_POOL") ?? here?.pool ?? defaultPool,
    clientName: flags.clientName ?? environmentText(env, "OCTOPOOL_CLIENT") ?? here?.clientName ?? defaultClientName(),
  };
}

/** The host's name, as far as the relay takes it. */
export function defaultClientName(): string {
  return (
    hostname()
      .replace(/\.local$/, "")
      .slice(0, 128) || "unnamed"
  );
}

/**
 * A consistent snapshot of relay and login; `undefined` when no login is saved there. Costs a few file reads, and one
 * short child process where the keyring holds the token: callers keep it and compare {@link connectionStamp}.
 * @throws OctopoolError `settings_corrupt`, `credentials_corrupt`, `credentials_unavailable`, `environment_invalid`,
 * `insecure_server`.
 */
export async function readConnection(source: ConnectionSource): Promise<Connection | undefined> {
  const { env } = source;
  const token = environmentText(env, "OCTOPOOL_TOKEN");
  if (token !== undefined) return { ...resolveTarget(source, readSaved(settingsPath(env))), token };
  // A login that runs right now replaces settings and token one after the other: look again once.
  return (await readSavedConnection(source)) ?? (await readSavedConnection(source, { final: true }));
}

async function readSavedConnection(source: ConnectionSource, { final = false } = {}): Promise<Connection | undefined> {
  const { env } = source;
  const saved = readSaved(settingsPath(env));
  if (saved === undefined) return undefined;
  const target = resolveTarget(source, saved);
  if (target.server !== saved.server) return undefined;
  const keyring = source.keyring ?? systemKeyring({ env, timeoutMs: keyringPatienceMs });
  const token = await findToken(env, keyring, saved);
  if (token !== undefined && fingerprint(token) === saved.tokenFingerprint) return { ...target, token };
  if (!final) return undefined;
  throw new OctopoolError(
    "credentials_corrupt",
    `The saved token for ${saved.server} is missing or not the last one.`,
    {
      hint: "Run `octopool login` again.",
    },
  );
}

/** The files that {@link readConnection} reads for this environment. */
export function connectionFiles(env: Environment): readonly string[] {
  return [settingsPath(env), credentialsPath(env)];
}

/**
 * Changes whenever a login or logout has changed the result of {@link readConnection}. Costs microseconds.
 * @param files - {@link connectionFiles}
 */
export function connectionStamp(files: readonly string[]): string {
  return files.map(stampOf).join(" ");
}
