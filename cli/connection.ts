/** The connection of a command that needs one. */
import { OctopoolError } from "../shared/errors.ts";
import { type Connection, type ConnectionFlags, readConnection, resolveTarget } from "../shared/settings/connection.ts";
import { settingsPath } from "../shared/settings/paths.ts";
import { readSaved } from "../shared/settings/saved.ts";
import type { Io } from "./io.ts";

/** @throws OctopoolError `not_logged_in`, and the errors of reading the settings. */
export async function requireConnection(io: Io, flags: ConnectionFlags = {}): Promise<Connection> {
  const source = { env: io.env, flags };
  const connection = await readConnection(source);
  if (connection !== undefined) return connection;
  const saved = readSaved(settingsPath(io.env));
  const { server } = resolveTarget(source, saved);
  throw new OctopoolError(
    "not_logged_in",
    saved === undefined || saved.server === server
      ? "You are not logged in to a relay."
      : `You are logged in to ${saved.server}, not to ${server}.`,
    { hint: `Run \`octopool login${saved === undefined ? "" : ` ${server}`}\`, or set OCTOPOOL_TOKEN.` },
  );
}
