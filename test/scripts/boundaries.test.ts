import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "octopool-boundaries-"));
  cpSync(join(root, "biome.json"), join(tree, "biome.json"));
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  writeFileSync(join(tree, ".gitignore"), "node_modules\n");
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Lints one file that imports another and tells which rules complained. */
function lint(from: string, to: string): string {
  const file = join(tree, from);
  mkdirSync(dirname(file), { recursive: true });
  const up = "../".repeat(from.split("/").length - 1);
  writeFileSync(file, `import { thing } from "${up}${to}";\n\nexport const copy = thing;\n`);
  const biome = join(root, "node_modules/.bin/biome");
  const { stdout, stderr } = spawnSync(biome, ["lint", "--vcs-enabled=false", file], { cwd: tree, encoding: "utf8" });
  return stdout + stderr;
}

test.each([
  ["shared/a.ts", "daemon/main.ts"],
  ["shared/routes/a.ts", "cli/program.ts"],
  ["daemon/a.ts", "cli/program.ts"],
  ["daemon/gh/a.ts", "relay-worker/app.ts"],
  ["relay-worker/a.ts", "daemon/reader.ts"],
  ["relay-worker/coordinator/a.ts", "cli/program.ts"],
  ["cli/a.ts", "relay-worker/app.ts"],
  ["cli/a.ts", "daemon/gh/engine.ts"],
  ["cli/shim/a.ts", "daemon/reader.ts"],
  ["daemon/a.ts", "test/github-emulator/index.ts"],
  ["scripts/a.ts", "test/github-emulator/server.ts"],
  ["test/e2e/a.ts", "test/github-emulator/world/model.ts"],
])("%s may not import %s", (from, to) => {
  expect(lint(from, to)).toContain("noRestrictedImports");
});

test.each([
  ["cli/a.ts", "shared/errors.ts"],
  ["cli/a.ts", "daemon/main.ts"],
  ["cli/a.ts", "daemon/embedded.ts"],
  ["daemon/a.ts", "shared/errors.ts"],
  ["relay-worker/a.ts", "shared/envelope.ts"],
  ["scripts/a.ts", "relay-worker/app.ts"],
  ["scripts/demo/a.ts", "test/github-emulator/index.ts"],
  ["test/github-emulator/rest/a.ts", "test/github-emulator/world/model.ts"],
])("%s may import %s", (from, to) => {
  expect(lint(from, to)).not.toContain("noRestrictedImports");
});
