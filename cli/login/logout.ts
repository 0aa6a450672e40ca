/**
 * `octopool logout`: revokes this machine's token at the relay and deletes it here; each of the two is tried even if
 * the other fails.
 */
import { sessionPath } from "../../shared/discovery.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { keyringPatienceMs } from "../../shared/settings/connection.ts";
import { systemKeyring } from "../../shared/settings/credentials/keyring.ts";
import { findToken, forgetToken } from "../../shared/settings/credentials/store.ts";
import { credentialsPath, settingsPath } from "../../shared/settings/paths.ts";
import { readSaved, type SavedSettings } from "../../shared/settings/saved.ts";
import { clearSaved } from "../../shared/settings/write.ts";
import type { CommandContext } from "../command.ts";
import { asOctopoolError } from "../failure.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../output/progress.ts";
import { send } from "../relay/client.ts";
import { relayFailure } from "../relay/refusal.ts";

export async function logout({ io }: CommandContext): Promise<number | undefined> {
  const { env, stdout, stderr } = io;
  const saved = readSaved(settingsPath(env));
  if (saved === undefined) {
    await stderr.write("You are not logged in: there is nothing to log out of.\n");
    return undefined;
  }
  const keyring = systemKeyring({ env, timeoutMs: keyringPatienceMs });
  const revoked = await withProgress(io, `Revoking the token at ${saved.server}`, () => revoke(io, saved));
  const left = await forgetToken(env, keyring, saved);
  await clearSaved(env);
  const done = `${stdout.style.good("✓")} Logged out of ${stdout.style.bold(saved.server)}`;
  if (revoked === undefined && left === undefined) {
    await stdout.write(`${done}\n`);
    return undefined;
  }
  await stdout.write(`${done} on this machine\n`);
  if (left !== undefined)
    await stderr.write(
      `The keyring could not be asked to forget the token (${left}); remove the entry "octopool" there.\n`,
    );
  if (revoked !== undefined)
    await stderr.write(
      `The token could not be revoked: ${revoked.message}\nAsk the pool's operator to revoke ${saved.clientName} of ${saved.login}.\n`,
    );
  return 1;
}

/** The reason why revoking failed; a token that the relay no longer knows counts as revoked. */
async function revoke(io: Io, saved: SavedSettings): Promise<OctopoolError | undefined> {
  const keyring = systemKeyring({ env: io.env, timeoutMs: keyringPatienceMs });
  try {
    const token = await findToken(io.env, keyring, saved);
    if (token === undefined)
      return new OctopoolError("credentials_corrupt", `${credentialsPath(io.env)} has no token for ${saved.server}.`);
    const call = { server: saved.server, path: sessionPath, method: "DELETE", token } as const;
    const { response, text } = await send(io, call);
    if (response.ok || response.status === 401) return undefined;
    return relayFailure(saved.server, response, text);
  } catch (error) {
    return asOctopoolError(error);
  }
}
