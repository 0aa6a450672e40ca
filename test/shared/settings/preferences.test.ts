import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { preferencesPath, readPreferences, withPreferences } from "../../../shared/settings/preferences.ts";

const directory = mkdtempSync(join(tmpdir(), "octopool-preferences-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function settingsOf(name: string, make: (path: string) => void) {
  const env = { HOME: directory, XDG_CONFIG_HOME: join(directory, name) };
  mkdirSync(dirname(preferencesPath(env)), { recursive: true });
  make(preferencesPath(env));
  return env;
}

test("values of the file stand for variables that are not set", () => {
  const env = settingsOf("whole", (path) => writeFileSync(path, '{"pool":"bots","other":"x","client":7}'));
  expect(readPreferences(env)).toEqual({ pool: "bots" });
  expect(withPreferences(env)).toEqual({ ...env, OCTOPOOL_POOL: "bots" });
  expect(withPreferences({ ...env, OCTOPOOL_POOL: "people" })).toMatchObject({ OCTOPOOL_POOL: "people" });
});

test.each<[string, (path: string) => void]>([
  ["a link to itself", (path) => symlinkSync(path, path)],
  ["a link into a file", (path) => symlinkSync("/etc/hostname/x", path)],
  ["a pipe that nothing writes to", (path) => execFileSync("mkfifo", [path])],
  ["a directory", (path) => mkdirSync(path)],
  ["no JSON", (path) => writeFileSync(path, "{")],
])("a file that cannot be read counts as empty, so that gh always works: %s", (name, make) => {
  expect(readPreferences(settingsOf(name.replaceAll(" ", "-"), make))).toEqual({});
});
