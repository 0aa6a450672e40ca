/** A directory that others can write may hold another user's socket: no command says a word to it. */
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newHome } from "./support/octopool.ts";

test.each([
  ["explain gh api repos/o/r", 1, "can be entered by others"],
  ["daemon status", 1, ""],
  ["daemon stop", 0, "No daemon runs."],
  ["daemon restart", 1, "can be entered by others"],
  ["doctor", 1, ""],
  ["wait run 7 -R o/r", 1, "gh could not answer"],
])("octopool %s", async (line, exitCode, says) => {
  const home = newHome();
  const directory = join(home.directory, "run/octopool");
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  let connections = 0;
  const foreign = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  foreign.listen(join(directory, "daemon.sock"));
  await once(foreign, "listening");
  onTestFinished(() => void foreign.close());
  const ran = await home.runWith({ OCTOPOOL_TOKEN: `op_${"s".repeat(43)}` }, ...line.split(" "));
  expect(connections).toBe(0);
  expect(ran).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
});
