/** The real gh through the daemon when bodies are large, or the daemon dies: installed script, daemon, emulated GitHub. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import { startGitHub } from "../github-emulator/index.ts";
import { carry } from "../support/large-bodies.ts";
import { startStreamingGitHub } from "../support/streaming-github.ts";
import { settingsFor, viaStatus } from "../support/via-machine.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const token = "ada-token-of-the-trouble";
const MiB = 1024 * 1024;
const alone = { OCTOPOOL_NO_VIA: "1" };
const shown = ({ stdout, stderr, exitCode }: Ran) => ({ stdout: Buffer.from(stdout).toString(), stderr, exitCode });

async function withMachine(use: (machine: Machine, socket: string) => Promise<void>): Promise<void> {
  const machine = await createMachine("via-trouble", { OCTOPOOL_GH_PATH: realGh });
  const socket = join(machine.directory, "github.sock");
  try {
    await settingsFor(machine, socket, token);
    await use(machine, socket);
  } finally {
    await machine.close();
  }
}

describe.skipIf(realGh === "")("the real gh through the daemon", () => {
  test("a large download and a large upload arrive whole, and the daemon does not hold them", async () => {
    const { down, up } = await carry(realGh, { download: 160 * MiB, upload: 48 * MiB });
    expect(down).toMatchObject({ whole: true, requests: 1 });
    expect(up).toMatchObject({ whole: true, requests: 1, asked: 1 });
    // The engine asks first, and leaves an answer that is too large for it at its head.
    expect(down.asked).toBe(2);
    expect(down.grown).toBeLessThan(96 * MiB);
    expect(up.grown).toBeLessThan(32 * MiB);
  });

  test("a daemon killed in the middle of a body leaves gh's own failure", async () => {
    await withMachine(async (machine, socket) => {
      const github = await startStreamingGitHub(socket);
      // The first command of a machine starts its daemon, and may not wait for it.
      await machine.gh(["api", "repos/a/b/download/1"]);
      const running = machine.gh(["api", "repos/a/b/half"]);
      await github.halfSent;
      process.kill((await viaStatus(machine)).pid, "SIGKILL");
      const ran = await running;
      expect(ran.exitCode).toBe(1);
      expect(ran.stderr).toContain("EOF");
      await github.close();
    });
  });

  test("a daemon killed before GitHub answers leaves gh's own failure, and the next command gh's bytes", async () => {
    await withMachine(async (machine, socket) => {
      const github = await startGitHub({
        socket,
        world: { users: [{ login: "ada" }], tokens: [{ token, login: "ada" }] },
      });
      try {
        const query = ["api", "graphql", "-f", "query={viewer{login}}"];
        const plain = shown(await machine.gh(query, alone));
        const held = github.control.hold({ path: "/graphql" });
        const running = machine.gh(query);
        await held.arrived(1);
        process.kill((await viaStatus(machine)).pid, "SIGKILL");
        const ran = await running;
        held.release();
        expect(ran.exitCode).toBe(1);
        expect(ran.stderr).toMatch(/EOF|reset|error connecting/);
        expect(shown(await machine.gh(query))).toEqual(plain);
        expect(shown(await machine.gh(query))).toEqual(plain);
      } finally {
        await github.close();
      }
    });
  });
});
