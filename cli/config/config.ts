/** `octopool config get|set|unset|list`: settings of this machine that need no variable in every shell. */
import { OctopoolError } from "../../shared/errors.ts";
import { checkEnvironment } from "../../shared/settings/environment.ts";
import { environmentTable } from "../../shared/settings/environment-table.ts";
import {
  isPreferenceKey,
  type PreferenceKey,
  type Preferences,
  preferenceKeys,
  preferencesPath,
  readPreferences,
} from "../../shared/settings/preferences.ts";
import { writeSettingsFile } from "../../shared/settings/write.ts";
import type { CommandContext } from "../command.ts";
import { printJson } from "../output/json.ts";
import { alignRows } from "../output/table.ts";
import { humanText } from "../output/text.ts";
import { nearest } from "../words/nearest.ts";

const keys = Object.keys(preferenceKeys).filter(isPreferenceKey);

export async function list({ io, input }: CommandContext): Promise<undefined> {
  const settings = keys.map((key) => ({ key, ...currentOf(key, io.processEnv) }));
  if (input.flag("json")) return printJson(io.stdout, settings).then(() => undefined);
  const { style } = io.stdout;
  const rows = settings.map(({ key, value, from }) => [
    style.bold(key),
    value === null ? style.dim(environmentTable[preferenceKeys[key]].unset) : humanText(value),
    style.dim(from),
  ]);
  await io.stdout.write(`${alignRows([["KEY", "VALUE", "FROM"].map(style.dim), ...rows]).join("\n")}\n`);
}

export async function get({ io, input }: CommandContext): Promise<number> {
  const { value } = currentOf(keyOf(input.argument(0)), io.processEnv);
  if (value === null) return 1;
  await io.stdout.write(`${value}\n`);
  return 0;
}

export async function set({ io, input }: CommandContext): Promise<undefined> {
  const key = keyOf(input.argument(0));
  const value = input.argument(1) ?? "";
  const variable = preferenceKeys[key];
  const [problem] = checkEnvironment({ [variable]: value });
  if (problem !== undefined || value === "")
    throw new OctopoolError("usage", (problem?.message ?? `${key} cannot be set to nothing.`).replace(variable, key), {
      hint: `To go back to the default: octopool config unset ${key}`,
    });
  save(io.processEnv, { ...readPreferences(io.processEnv), [key]: value });
  await io.stdout.write(`${io.stdout.style.good("✓")} ${key} is ${humanText(value)}\n`);
  if (io.processEnv[variable])
    await io.stderr.write(`${io.stderr.style.warn("!")} ${variable} is set in this shell, and overrides it.\n`);
  await daemonNote(io, key);
}

export async function unset({ io, input }: CommandContext): Promise<undefined> {
  const key = keyOf(input.argument(0));
  const { [key]: _gone, ...rest } = readPreferences(io.processEnv);
  save(io.processEnv, rest);
  const otherwise = environmentTable[preferenceKeys[key]].unset;
  await io.stdout.write(`${io.stdout.style.good("✓")} ${key} is as by default: ${otherwise}\n`);
  await daemonNote(io, key);
}

/** Two settings are read when the daemon starts; all others hold from the next command on. */
async function daemonNote({ stderr }: CommandContext["io"], key: PreferenceKey): Promise<void> {
  if (key === "cache_mib" || key === "idle_seconds")
    await stderr.write("It holds from the daemon's next start: octopool daemon restart\n");
}

function currentOf(key: PreferenceKey, env: CommandContext["io"]["env"]) {
  const fromEnvironment = env[preferenceKeys[key]];
  if (fromEnvironment) return { value: fromEnvironment, from: preferenceKeys[key] };
  const value = readPreferences(env)[key] ?? null;
  return { value, from: value === null ? "default" : "config" };
}

function save(env: CommandContext["io"]["env"], preferences: Preferences): void {
  writeSettingsFile(preferencesPath(env), preferences);
}

function keyOf(text = ""): PreferenceKey {
  const key = text.replaceAll("-", "_").toLowerCase();
  if (isPreferenceKey(key)) return key;
  const [close] = nearest(key, keys);
  throw new OctopoolError("usage", `There is no setting ${text}.`, {
    hint: close === undefined ? `There are: ${keys.join(", ")}.` : `Did you mean ${close}?`,
  });
}
