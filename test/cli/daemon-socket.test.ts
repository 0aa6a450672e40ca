/** Questions of commands to the daemon. */
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ask, placeOf } from "../../cli/daemon-socket.ts";
import { removeTree } from "../support/remove-tree.ts";

test("a patience may be a fraction of a millisecond, as the rest of a wait often is", async () => {
  const directory = mkdtempSync(join(tmpdir(), "octopool-control-"));
  const server = createServer((_request, response) => response.end("heard")).listen(join(directory, "daemon.sock"));
  onTestFinished(async () => {
    server.close();
    await removeTree(directory);
  });
  await once(server, "listening");
  expect(
    await ask(placeOf({ OCTOPOOL_RUNTIME_DIR: directory }), "POST", "/changed", { body: "a=b", patienceMs: 69_712.3 }),
  ).toMatchObject({ body: "heard" });
});
