/** Writing settings: whole or not at all, readable only by you. Loaded only by commands that change them. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileSync } from "atomically";
import { OctopoolError } from "../errors.ts";
import type { Environment } from "./environment.ts";
import { settingsPath } from "./paths.ts";
import type { SavedSettings } from "./saved.ts";

/** @throws OctopoolError `settings_corrupt` when the file cannot be written. */
export function writeSettingsFile(path: string, value: object): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new OctopoolError(
      "settings_corrupt",
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      { hint: "Correct its permissions, or set XDG_CONFIG_HOME to a directory of yours.", cause: error },
    );
  }
}

export async function writeSaved(env: Environment, settings: SavedSettings): Promise<void> {
  writeSettingsFile(settingsPath(env), settings);
}

/** Deletes the saved server and login; the credential store deletes the token. */
export async function clearSaved(env: Environment): Promise<void> {
  writeSettingsFile(settingsPath(env), {});
}
