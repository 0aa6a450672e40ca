/** Wrangler's own build of both configurations, without an account. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

test.each([
  ["wrangler.jsonc", "index.js", "PoolCoordinator"],
  ["wrangler.proxy.jsonc", "proxy.js", "x-octopool-app-host"],
])(
  "wrangler bundles %s",
  async (config, file, content) => {
    const directory = await mkdtemp(join(tmpdir(), "octopool-bundle-"));
    const args = ["deploy", "--dry-run", "--outdir", join(directory, "out"), "--config", join(root, config)];
    const { stdout, stderr, exitCode } = await execa(join(root, "node_modules/.bin/wrangler"), args, {
      env: { HOME: directory, CI: "true", WRANGLER_SEND_METRICS: "false" },
      reject: false,
    });
    const bundle = exitCode === 0 ? await readFile(join(directory, "out", file), "utf8") : "";
    await rm(directory, { recursive: true, force: true });
    expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    expect(bundle).toContain(content);
    // Pages are made by the renderer that the Worker brings, not by a React that is not installed.
    expect(bundle).not.toContain("react/jsx");
  },
  60_000,
);
