import { copyFileSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test } from "vitest";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A workspace, and this Node under the version that it is to say. */
function workspace(version: string, own: boolean) {
  root = mkdtempSync(join(tmpdir(), "octopool-workspace-"));
  mkdirSync(join(root, "scripts"));
  mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
  copyFileSync(join(import.meta.dirname, "../../scripts/check-node.cjs"), join(root, "scripts/check-node.cjs"));
  const versions = `Object.defineProperty(process, "versions", { value: { node: ${JSON.stringify(version)} } });\n`;
  writeFileSync(join(root, "version.cjs"), versions);
  const program = join(root, `node_modules/node-${process.platform}-${process.arch}/bin`);
  if (own) {
    mkdirSync(program, { recursive: true });
    writeFileSync(join(program, "node"), "#!/bin/sh\n", { mode: 0o755 });
  }
  const args = ["--require", join(root, "version.cjs"), join(root, "scripts/check-node.cjs")];
  return () => execa(process.execPath, args, { reject: false, env: { NODE_OPTIONS: "" } });
}

test("the workspace's own Node is put where npm's scripts find it, and an old Node is then no hindrance", async () => {
  const check = workspace("20.20.2", true);
  for (const _again of [1, 2]) expect(await check()).toMatchObject({ exitCode: 0, stderr: "" });
  expect(readlinkSync(join(root, "node_modules/.bin/node"))).toBe(
    `../node-${process.platform}-${process.arch}/bin/node`,
  );
});

test.each(["18.20.8", "20.20.2", "22.18.0"])("without one, Node %s is told in one sentence", async (version) => {
  expect(await workspace(version, false)()).toMatchObject({
    exitCode: 1,
    stderr: `octopool needs Node 22.19.0 or later; this is ${version}. Install a newer one: https://nodejs.org`,
  });
});

test.each(["22.19.0", "24.0.0"])("Node %s needs no other", async (version) => {
  expect(await workspace(version, false)()).toMatchObject({ exitCode: 0, stderr: "" });
});
