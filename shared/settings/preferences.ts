/**
 * The settings of `octopool config`: variables for which the environment has no value. Read with plain `node:fs`,
 * since the daemon looks with each call; a file that cannot be read counts as empty, so that gh always works.
 */
import { join } from "node:path";
import { isObject, parseJson } from "../parse-json.ts";
import { readIfRegular, statIfAny } from "../regular-file.ts";
import type { Environment } from "./environment.ts";
import type { VariableName } from "./environment-table.ts";
import { configDirectory } from "./paths.ts";

/** Settings by name, and the variable that each one sets. */
export const preferenceKeys = {
  pool: "OCTOPOOL_POOL",
  client: "OCTOPOOL_CLIENT",
  fresh: "OCTOPOOL_FRESH",
  quiet_cache: "OCTOPOOL_QUIET_CACHE",
  no_fallback: "OCTOPOOL_NO_FALLBACK",
  relay_retries: "OCTOPOOL_RELAY_RETRIES",
  cache_mib: "OCTOPOOL_CACHE_MIB",
  idle_seconds: "OCTOPOOL_IDLE_SECONDS",
  no_update_notifier: "OCTOPOOL_NO_UPDATE_NOTIFIER",
} as const satisfies Record<string, VariableName>;
export type PreferenceKey = keyof typeof preferenceKeys;

export type Preferences = Readonly<Partial<Record<PreferenceKey, string>>>;

export function preferencesPath(env: Environment): string {
  return join(configDirectory(env), "preferences.json");
}

const kept = new Map<string, { readonly stamp: string; readonly preferences: Preferences }>();
/** People of one daemon have one file, tests have many. */
const mostKept = 16;

/** The file's settings; unknown keys, and values that are not text, are ignored. */
export function readPreferences(env: Environment): Preferences {
  const path = preferencesPath(env);
  const stat = statIfAny(path);
  if (stat === undefined) return {};
  const stamp = `${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
  const known = kept.get(path);
  if (known?.stamp === stamp) return known.preferences;
  const preferences = parse(path);
  if (kept.size >= mostKept) kept.clear();
  kept.set(path, { stamp, preferences });
  return preferences;
}

/** The environment, with the settings of variables that it does not set. */
export function withPreferences<Env extends Environment>(env: Env): Env {
  if (!env.HOME && !env.XDG_CONFIG_HOME) return env;
  const missing = Object.entries(readPreferences(env)).flatMap(([key, value]) => {
    const variable = isPreferenceKey(key) ? preferenceKeys[key] : undefined;
    return variable === undefined || env[variable] ? [] : [[variable, value] as const];
  });
  return missing.length === 0 ? env : { ...env, ...Object.fromEntries(missing) };
}

export function isPreferenceKey(key: string): key is PreferenceKey {
  return Object.hasOwn(preferenceKeys, key);
}

function parse(path: string): Preferences {
  const value = parseJson(readIfRegular(path) ?? "{}");
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([key, text]) => isPreferenceKey(key) && typeof text === "string"),
  );
}
