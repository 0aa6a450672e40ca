/** The remedy for a refused token depends on where the token came from, and for which pool it was used. */
import { OctopoolError } from "../../shared/errors.ts";
import type { ConnectionFlags } from "../../shared/settings/connection.ts";
import { type Environment, environmentText } from "../../shared/settings/environment.ts";
import { settingsPath } from "../../shared/settings/paths.ts";
import { readSaved } from "../../shared/settings/saved.ts";
import { humanText } from "../output/text.ts";

/** The same error, with a hint for this machine; any other is returned unchanged. */
export function withLoginHint(error: OctopoolError, env: Environment, flags: ConnectionFlags): OctopoolError {
  if (error.code !== "invalid_auth") return error;
  if (environmentText(env, "OCTOPOOL_TOKEN") !== undefined)
    return changed(error, error.message, "OCTOPOOL_TOKEN goes before the login: correct it, or unset it.");
  const saved = readSaved(settingsPath(env));
  const pool = flags.pool ?? environmentText(env, "OCTOPOOL_POOL");
  if (saved === undefined || pool === undefined || pool === saved.pool) return error;
  const origin = flags.pool === undefined ? "Unset OCTOPOOL_POOL" : "Leave out --pool";
  return changed(
    error,
    `You are logged in for pool ${humanText(saved.pool)}; "${humanText(pool)}" does not exist, or was not granted to you.`,
    `${origin}, or ask the relay's operator for access.`,
  );
}

function changed({ code, details, cause }: OctopoolError, message: string, hint: string): OctopoolError {
  return new OctopoolError(code, message, { hint, ...(details && { details }), cause });
}
