/**
 * After any trouble of the full client before the first byte is printed, the command is answered or the real gh runs.
 */
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { eachTestHasMachine } from "../../../daemon/support/each-test.ts";
import type { TestMachine } from "../../../daemon/support/machine.ts";
import type { RelayStandIn } from "../../../daemon/support/relay.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const read = ["api", "repos/o/r/pulls/7"];

let relay: RelayStandIn;
let machine: TestMachine;
eachTestHasMachine((stage) => {
  ({ relay, machine } = stage);
});

describe("the full client", () => {
  test.each([
    ["another user's, or may not be looked at: below a file", () => writeFileSync(machine.runtime, "")],
    [
      "full of odd things",
      () => {
        mkdirSync(join(machine.runtime, "starting"), { recursive: true, mode: 0o700 });
        mkdirSync(join(machine.runtime, "avoid"));
      },
    ],
  ])("answers when the runtime directory is %s", async (_what, make) => {
    make();
    relay.answer = () => ({ body: "answered" });
    const OCTOPOOL_RUNTIME_DIR = existsSync(join(machine.runtime, "avoid"))
      ? machine.runtime
      : join(machine.runtime, "x");
    expect(await machine.gh(read, { env: { OCTOPOOL_RUNTIME_DIR } })).toMatchObject({ code: 0, stdout: "answered" });
  });

  test("directories on PATH of every kind that cannot be searched are passed over", async () => {
    machine.installGh();
    writeFileSync(join(machine.root, "file"), "");
    const PATH = `${machine.root}/file:${machine.root}/file/below:/proc/x:${"x".repeat(5000)}:/${"y".repeat(300)}:${machine.env.PATH}`;
    expect(await machine.gh(["pr", "merge", "7"], { env: { PATH } })).toMatchObject({
      code: 0,
      stdout: "real gh: pr merge 7\n",
    });
  });

  test("a daemon that ends in the middle of an answer: nothing of it is printed, and the command is answered", async () => {
    mkdirSync(machine.runtime, { mode: 0o700 });
    const half = createServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n\x01\x00\x00\x00\x05half ", () => socket.destroy());
        half.close();
        rmSync(machine.socket, { force: true });
      });
    });
    half.listen(machine.socket);
    await once(half, "listening");
    relay.answer = () => ({ body: "answered" });
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "answered", stderr: "" });
  });

  test("words of the relay cannot move the cursor or forge a line", async () => {
    machine.installGh();
    mkdirSync(machine.runtime, { mode: 0o700 });
    const payload = "reason\u001b]0;title\u0007\nnotice\u001b[2J\nforged line";
    const evil = createServer((socket) => {
      const head = Buffer.alloc(5);
      head[0] = 4;
      head.writeUInt32BE(Buffer.byteLength(payload), 1);
      socket.once("data", () =>
        socket.end(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), head, Buffer.from(payload)])),
      );
    });
    evil.listen(machine.socket);
    await once(evil, "listening");
    const { stdout, stderr } = await machine.gh(read, { env: { OCTOPOOL_VERBOSE: "1" } });
    evil.close();
    expect(stdout).toBe("real gh: api repos/o/r/pulls/7\n");
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stderr.trim().split("\n")).toHaveLength(2);
  });
});
