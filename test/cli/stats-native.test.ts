import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readNatives, renderNatives } from "../../cli/stats/native.ts";
import { nativesPath } from "../../shared/natives.ts";

let home: string;
let env: Readonly<Record<string, string>>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "stats-native-"));
  env = { XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home, HOME: home };
  const [old, last] = ["2026-06-01T12:00:00.000Z", "2026-06-02T12:00:00.000Z"];
  const shape = "pr view --json reviews";
  mkdirSync(dirname(nativesPath(env)), { recursive: true });
  const counts = [
    { shape, reason: "why", plain: 1, via: 2, last: old },
    { shape, reason: "why", repository: "acme/hidden", plain: 4, via: 8, last },
  ];
  writeFileSync(nativesPath(env), JSON.stringify(counts), { mode: 0o600 });
});
afterEach(() => rmSync(home, { recursive: true }));

const style = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof renderNatives>[1];

test("repositories that were noted are hidden, and their counts are not", async () => {
  const counts = await readNatives(env);
  expect(counts).toEqual([
    { shape: "pr view --json reviews", reason: "why", plain: 5, via: 10, last: "2026-06-02T12:00:00.000Z" },
  ]);
  expect(renderNatives(counts, style).join("\n")).not.toMatch(/REPOSITORY|acme/);
});

test("with OCTOPOOL_NATIVE_REPOSITORIES they have a column", async () => {
  const lines = renderNatives(await readNatives({ ...env, OCTOPOOL_NATIVE_REPOSITORIES: "1" }), style);
  expect(lines[0]).toMatch(/COMMAND +PLAIN +THROUGH THE DAEMON +REPOSITORY +WHY/);
  expect(lines[1]).toMatch(/4 +8 +acme\/hidden +why/);
  expect(lines[2]).toMatch(/1 +2 +why/);
});
