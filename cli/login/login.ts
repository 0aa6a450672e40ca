/**
 * `octopool login`: discovery, the proof of the GitHub account, the exchange for a caller token, and a safe place for
 * that token.
 */
import { existsSync } from "node:fs";
import { type Caller, loginPath, loginResponseSchema } from "../../shared/discovery.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { installedShim } from "../../shared/find-gh.ts";
import { defaultClientName } from "../../shared/settings/connection.ts";
import { fingerprint } from "../../shared/settings/credentials/fingerprint.ts";
import { systemKeyring } from "../../shared/settings/credentials/keyring.ts";
import { type StoredToken, storeToken } from "../../shared/settings/credentials/store.ts";
import { environmentFlag, environmentText } from "../../shared/settings/environment.ts";
import { credentialsPath, settingsPath } from "../../shared/settings/paths.ts";
import { parseServer } from "../../shared/settings/relay-address.ts";
import { readSaved, type SavedSettings } from "../../shared/settings/saved.ts";
import { writeSaved } from "../../shared/settings/write.ts";
import type { CommandContext } from "../command.ts";
import { homeOf } from "../install/places.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../output/progress.ts";
import { humanText } from "../output/text.ts";
import { request } from "../relay/client.ts";
import { askAddress, askConsent } from "./ask.ts";
import { discover } from "./discovery.ts";
import { findGithubToken } from "./github-token.ts";

/** How long the keyring may take at login, in milliseconds: a person may have to unlock it. */
const patienceMs = { terminal: 60_000, pipe: 5000 };

export async function login({ io, input }: CommandContext): Promise<undefined> {
  const { env } = io;
  const saved = readSavedIfSound(io);
  const allowInsecure = environmentFlag(env, "OCTOPOOL_ALLOW_INSECURE_LOGIN");
  const address = input.argument(0) ?? environmentText(env, "OCTOPOOL_URL") ?? saved?.server ?? (await askAddress(io));
  const named = parseServer(address, allowInsecure);
  const discovery = await withProgress(io, `Asking ${named} for its description`, () =>
    discover(io, named, { trustRedirect: input.flag("trust-discovery-redirect"), allowInsecure }),
  );
  if (!discovery.auth.cli_github_token)
    throw new OctopoolError("discovery_invalid", `${named} does not take logins from a command line.`, {
      hint: `Ask its operator for a token, and set OCTOPOOL_URL and OCTOPOOL_TOKEN.`,
    });
  const server = discovery.api_base;
  const github = await findGithubToken(io);
  if (saved?.server !== server) await askConsent(io, server, github.source);
  const here = saved?.server === server ? saved : undefined;
  const pool = input.text("pool") ?? environmentText(env, "OCTOPOOL_POOL") ?? here?.pool;
  const answer = await withProgress(io, `Logging in to ${server} with the token of ${github.source}`, () =>
    request(
      io,
      {
        server,
        path: loginPath,
        method: "POST",
        body: {
          github_token: github.token,
          client_name:
            input.text("client") ?? environmentText(env, "OCTOPOOL_CLIENT") ?? here?.clientName ?? defaultClientName(),
          ...(pool === undefined ? {} : { pool }),
        },
      },
      loginResponseSchema,
    ),
  );
  const stored = await keep(io, server, answer.caller, answer.token);
  if (saved !== undefined) await forgetOld(io, saved, server, stored);
  await say(io, server, answer.caller, stored);
}

/** Token first, then the settings that name it: a reader sees the old snapshot or the new one. */
async function keep(io: Io, server: string, caller: Caller, token: string): Promise<StoredToken> {
  const { env } = io;
  const timeoutMs = io.stdinIsTerminal ? patienceMs.terminal : patienceMs.pipe;
  const stored = await withProgress(io, "Keeping the token in the system keyring", () =>
    storeToken(env, systemKeyring({ env, timeoutMs }), server, token),
  );
  await writeSaved(env, {
    server,
    pool: caller.pool,
    clientName: caller.client_name,
    login: caller.github_login,
    store: stored.store,
    tokenFingerprint: fingerprint(token),
  });
  return stored;
}

/** Removes the previous login's token from the keyring; a token file was replaced or removed already. */
async function forgetOld(io: Io, saved: SavedSettings, server: string, stored: StoredToken): Promise<void> {
  const replaced = saved.server === server && stored.store === "keyring";
  if (saved.store !== "keyring" || replaced) return;
  await systemKeyring({ env: io.env, timeoutMs: patienceMs.pipe }).delete(saved.server);
}

async function say(io: Io, server: string, caller: Caller, stored: StoredToken): Promise<void> {
  const { style } = io.stdout;
  await io.stdout.write(
    `${style.good("✓")} Logged in to ${style.bold(server)} as ${style.bold(humanText(caller.github_login))} ` +
      `(pool ${humanText(caller.pool)}, this machine: ${humanText(caller.client_name)})\n`,
  );
  if (stored.store !== "keyring") await sayWhereTokenIs(io, stored);
  await io.stderr.write(nextStep(io));
}

/** The next steps after a login; an earlier login may have installed the shim already. */
function nextStep({ env }: Io): string {
  const installed = existsSync(installedShim({ ...env, HOME: homeOf(env) }));
  return installed
    ? "Next: gh pr list, as usual. `octopool status` shows the login and the relay.\n"
    : "Next: octopool install-shim, so that gh itself is answered from the pool.\n";
}

async function sayWhereTokenIs(io: Io, stored: StoredToken): Promise<void> {
  const why =
    stored.keyringTrouble === undefined ? "" : `The system keyring is not usable (${stored.keyringTrouble}). `;
  await io.stderr.write(`${why}The token is kept in ${credentialsPath(io.env)}, readable only by you.\n`);
}

/** A login replaces damaged settings. */
function readSavedIfSound(io: Io): SavedSettings | undefined {
  try {
    return readSaved(settingsPath(io.env));
  } catch {
    return undefined;
  }
}
