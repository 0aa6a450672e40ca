import { join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "./support/octopool.ts";

test("daemon status --json names the socket, whether a daemon listens there or not", async () => {
  const home = newHome();
  const socket = join(home.env.XDG_RUNTIME_DIR ?? "", "octopool/daemon.sock");
  const absent = await home.run("daemon", "status", "--json");
  expect({ ...absent, stdout: JSON.parse(absent.stdout) }).toMatchObject({
    exitCode: 1,
    stdout: { state: "absent", socket },
  });
  await home.run("daemon", "start");
  const running = await home.run("daemon", "status", "--json");
  expect({ ...running, stdout: JSON.parse(running.stdout) }).toMatchObject({
    exitCode: 0,
    stdout: { state: "running", pid: expect.any(Number), socket },
  });
});
