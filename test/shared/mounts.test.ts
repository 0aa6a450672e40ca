import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mountsSeen } from "../../shared/mounts.ts";
import { mountsFile, mountsOf } from "../../shared/protocol.ts";
import { startIfAny } from "../../shared/regular-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-mounts-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.runIf(process.platform === "linux")("the start of the file of mounts tells the same as the whole", () => {
  expect(mountsSeen()).toBe(mountsOf(readFileSync(mountsFile, "utf8")));
});

test("a start is no longer than was asked for, and a short file is its own start", () => {
  const path = join(directory, "file");
  writeFileSync(path, "0123456789");
  expect([4, 10, 99].map((bytes) => startIfAny(path, bytes))).toEqual(["0123", "0123456789", "0123456789"]);
});

test("a path without a regular file has no start", () => {
  expect([directory, join(directory, "none"), "/dev/null"].map((path) => startIfAny(path, 4))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
