import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shimScript } from "../../cli/shim/script.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { findRealGh, usualPlaces } from "../../shared/find-gh.ts";

let root: string;
let entry: string;
let real: string;

function script(path: string, text: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "octopool-find-"));
  entry = script(join(root, "lib/octopool.cjs"), "#!/usr/bin/env node\n// octopool\n");
  real = script(join(root, "real/gh"), "#!/bin/sh\necho real\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const find = (directories: string[], env: Record<string, string> = {}) =>
  findRealGh({
    env: { PATH: [...directories, join(root, "real")].join(":"), ...env },
    ourselves: [process.execPath, entry],
  });

test.each([
  ["a link to us", (path: string) => symlinkSync(entry, path)],
  ["a hard link to us", (path: string) => linkSync(entry, path)],
  ["a copy of us", (path: string) => copyFileSync(entry, path)],
  ["a wrapper that calls us", (path: string) => script(path, '#!/bin/sh\nexec octopool gh "$@"\n')],
  [
    "our sh script",
    (path: string) =>
      script(path, shimScript({ client: ["node", entry], gh: "", version: "1.0.0", uid: 0, platform: "linux" })),
  ],
  ["a directory", (path: string) => mkdirSync(path)],
  ["a file that cannot be executed", (path: string) => writeFileSync(path, "")],
  ["a link to nowhere", (path: string) => symlinkSync("/nowhere", path)],
] as const)("%s is passed over", (_what, make) => {
  mkdirSync(join(root, "first"));
  make(join(root, "first/gh"));
  expect(find([join(root, "first")])).toBe(real);
});

test("a relative directory on PATH is not searched: it would mean another gh in every directory", () => {
  expect(find(["", ".", "real"])).toBe(real);
});

test("OCTOPOOL_GH_PATH is taken when it can be it", () => {
  const other = script(join(root, "other/gh"), "#!/bin/sh\n");
  expect(find([], { OCTOPOOL_GH_PATH: other })).toBe(other);
});

test.each([
  ["relative/gh", /not an absolute path/],
  ["/nowhere/gh", /does not exist/],
  ["/etc", /not a file/],
  ["/etc/passwd", /cannot be executed/],
])("OCTOPOOL_GH_PATH=%s is an error that says why", (path, why) => {
  expect(() => find([], { OCTOPOOL_GH_PATH: path })).toThrow(why);
});

test("OCTOPOOL_GH_PATH that is Octopool itself is an error", () => {
  chmodSync(entry, 0o755);
  expect(() => find([], { OCTOPOOL_GH_PATH: entry })).toThrow(/is Octopool itself/);
});

test("without any gh the error names the remedy", (context) => {
  const elsewhere = usualPlaces.find((path) => existsSync(path));
  context.skip(elsewhere !== undefined, `there is a gh at ${elsewhere}`);
  const search = () => findRealGh({ env: { PATH: "/nowhere" }, ourselves: [] });
  expect(search).toThrow(OctopoolError);
  expect(search).toThrow(/none was found on PATH/);
});
