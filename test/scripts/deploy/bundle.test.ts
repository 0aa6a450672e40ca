/** Wrangler's own build of the proxy's configuration, without an account; wrangler.test.ts looks at the relay's. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { compileCache } from "../../support/compile-cache.ts";

const root = join(import.meta.dirname, "../../..");

test("wrangler bundles wrangler.proxy.jsonc", async () => {
  const directory = await mkdtemp(join(tmpdir(), "octopool-bundle-"));
  const config = join(root, "wrangler.proxy.jsonc");
  const args = ["deploy", "--dry-run", "--outdir", join(directory, "out"), "--config", config];
  const { stdout, stderr, exitCode } = await execa(join(root, "node_modules/.bin/wrangler"), args, {
    env: { HOME: directory, CI: "true", WRANGLER_SEND_METRICS: "false", ...compileCache },
    reject: false,
  });
  const bundle = exitCode === 0 ? await readFile(join(directory, "out/proxy.js"), "utf8") : "";
  await rm(directory, { recursive: true, force: true });
  expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  expect(bundle).toContain("x-octopool-app-host");
  expect(bundle).not.toContain("react/jsx");
});
