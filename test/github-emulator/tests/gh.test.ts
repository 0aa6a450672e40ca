import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { demoPath, loadWorld } from "../world/load.ts";
import { github } from "./helpers.ts";

const gh = process.env.OCTOPOOL_GH_PATH ?? "gh";
const installed = await execa(gh, ["--version"], { reject: false }).then((result) =>
  /^gh version \d/.test(result.stdout ?? ""),
);

interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number | undefined;
}

/** Points the real gh at an emulator and nothing else. */
async function realGh(): Promise<(...args: string[]) => Promise<Ran>> {
  const folder = mkdtempSync(join(tmpdir(), "gh-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, "s.sock");
  await github(loadWorld(demoPath), { socket });
  writeFileSync(join(folder, "config.yml"), `http_unix_socket: ${socket}\n`);
  const env = {
    PATH: process.env.PATH ?? "",
    GH_CONFIG_DIR: folder,
    GH_TOKEN: "demo-token-ada-okafor",
    HOME: folder,
    NO_COLOR: "1",
  };
  return async (...args) => {
    const { stdout, stderr, exitCode } = await execa(gh, args, { env, extendEnv: false, reject: false, cwd: folder });
    return { stdout: String(stdout), stderr: String(stderr), exitCode };
  };
}

describe.skipIf(!installed)("the real gh (skipped where none is installed; OCTOPOOL_GH_PATH names one)", () => {
  test("reads a path, follows pages, and tells of a 404", async () => {
    const run = await realGh();
    expect((await run("api", "repos/lumen-labs/lantern", "--jq", ".full_name")).stdout).toBe("lumen-labs/lantern");
    const pages = await run(
      "api",
      "repos/lumen-labs/lantern/issues?state=all&per_page=50",
      "--paginate",
      "--jq",
      "length",
    );
    expect(pages.stdout).toBe("50\n38");
    const missing = await run("api", "repos/lumen-labs/nothing");
    expect([missing.exitCode, missing.stderr]).toEqual([1, "gh: Not Found (HTTP 404)"]);
  }, 20_000);

  test("reads a run's log through the signed link", async () => {
    const run = await realGh();
    const jobs = await run(
      "api",
      "repos/lumen-labs/lantern/actions/runs?status=failure",
      "--jq",
      '[.workflow_runs[] | select(.name == "CI")][0].id',
    );
    const log = await run("run", "view", jobs.stdout, "-R", "lumen-labs/lantern", "--log-failed");
    expect(log.stdout).toContain("##[error]Process completed with exit code 1.");
  }, 20_000);
});
