/** Writing settings, with `conf`: atomic, only readable by you. Loaded only by login and logout. */

import type { Environment } from "./environment.ts";
import { configDirectory, settingsName } from "./paths.ts";
import type { SavedSettings } from "./saved.ts";

async function open(env: Environment) {
  const { default: Conf } = await import("conf");
  return new Conf<Record<string, unknown>>({
    cwd: configDirectory(env),
    configName: settingsName,
    configFileMode: 0o600,
    projectVersion: "1",
    // A damaged file must not stop the login that repairs it; readers report it.
    clearInvalidConfig: true,
  });
}

export async function writeSaved(env: Environment, settings: SavedSettings): Promise<void> {
  const conf = await open(env);
  conf.store = { ...settings };
}

/** Forgets who logged in where; the token is the credential store's to forget. */
export async function clearSaved(env: Environment): Promise<void> {
  const conf = await open(env);
  conf.store = {};
}
