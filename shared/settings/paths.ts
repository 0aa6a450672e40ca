/** Where settings live: XDG paths on every system, as gh itself does. */
import { homedir } from "node:os";
import { join } from "node:path";
import { type Environment, environmentText } from "./environment.ts";

/** Octopool's own directory for settings and, where there is no keyring, the token. */
export function configDirectory(env: Environment): string {
  const home = environmentText(env, "HOME") ?? homedir();
  return join(environmentText(env, "XDG_CONFIG_HOME") ?? join(home, ".config"), "octopool");
}

export function settingsPath(env: Environment): string {
  return join(configDirectory(env), "settings.json");
}

export function credentialsPath(env: Environment): string {
  return join(configDirectory(env), "credentials.json");
}
