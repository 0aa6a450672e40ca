import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { shimScript } from "../../../cli/shim/script.ts";
import { tagsWrittenBy } from "../../../shared/events/own-writes.ts";
import { sharedMarksDirectory } from "../../../shared/runtime-directory.ts";
import { closeStage, openStage, type Stage } from "../../daemon/support/each-test.ts";
import { ended, TestMachine, testOctopool } from "../../daemon/support/machine.ts";
import { RelayStandIn } from "../../daemon/support/relay.ts";
import { onPath, shells } from "./support/shells.ts";

const curl = onPath("curl");

/** The daemon of the tests that do not start one: how it came to run is the same to each shell. */
let running: Stage;
beforeAll(async () => {
  running = await openStage();
  await running.machine.startDaemon();
});
afterAll(() => closeStage(running));

describe.each<readonly [string, ...string[]]>(Object.values(shells))("the sh shim in %s", (program, ...options) => {
  const shell = onPath(program);
  // A shell that is missing here cannot be tried.
  const tryIt = test.skipIf(shell === undefined || curl === undefined);
  let relay: RelayStandIn;
  let machine: TestMachine;
  let script: string;
  let real: string;

  beforeEach(async () => {
    relay = await RelayStandIn.start();
    machine = new TestMachine();
    login(relay);
    real = machine.install("real-gh", '#!/bin/sh\necho "real:$#"\nfor a do printf "<%s>" "$a"; done\n');
    script = machine.install("gh", scriptFor([process.execPath, testOctopool]));
  });
  afterEach(async () => {
    await machine.stop();
    await relay.stop();
  });

  /** The saved login of this machine: the script leaves a token in the environment to the full client. */
  function login(to: RelayStandIn): void {
    Object.assign(machine.env, { OCTOPOOL_URL: to.url });
  }

  function scriptFor(client: readonly [string, ...string[]]): string {
    return shimScript({ client, gh: real, version: "0.0.0", uid: process.getuid?.() ?? 0, platform: "linux" });
  }

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    ended(machine.start([shell ?? "", ...options, script, ...args], { env }));
  /** The same with a full client that would give itself away. */
  const fast = (args: readonly string[], env: Record<string, string> = {}) => {
    const loud = machine.install("loud", "#!/bin/sh\necho the full client ran\necho printed >&3\n");
    writeFileSync(script, scriptFor([loud, loud]));
    return run(args, env);
  };
  /** As a daemon makes them. */
  const makeMarks = () => {
    for (const directory of [join(machine.runtime, "written"), sharedMarks()])
      mkdirSync(directory, { recursive: true, mode: 0o700 });
  };
  const sharedMarks = () =>
    sharedMarksDirectory({ env: { HOME: machine.home }, uid: process.getuid?.() ?? 0 }) ?? "no home";
  /** The daemon that runs is this machine's. */
  const askRunning = () =>
    Object.assign(machine.env, { OCTOPOOL_RUNTIME_DIR: running.machine.runtime, OCTOPOOL_URL: running.relay.url });

  tryIt("a warm read is curl's alone", async () => {
    running.relay.answer = () => ({ body: '{"a": 1}' });
    askRunning();
    expect(await fast(["api", "repos/o/r"], { HOME: "" })).toMatchObject({ code: 0, stdout: '{"a": 1}', stderr: "" });
  });

  tryIt("a read in another network than the daemon's is the full client's", async () => {
    await machine.startDaemon(relay.env);
    rmSync(join(machine.runtime, "net"));
    for (const elsewhere of [undefined, "/nowhere", "/proc/self/ns/mnt"]) {
      if (elsewhere) symlinkSync(elsewhere, join(machine.runtime, "net"));
      expect(await fast(["api", "repos/o/r"])).toMatchObject({ stdout: "the full client ran\n" });
      rmSync(join(machine.runtime, "net"), { force: true });
    }
  });

  tryIt("any argument bytes arrive as they are", async () => {
    askRunning();
    const args = [
      "pr",
      "view",
      "echo",
      "",
      " ",
      "a b",
      "'",
      '"',
      "$HOME `id` \\",
      "line\nbreak\n",
      "ünï→🐙",
      "@file",
      "=",
      "a=b&c=%41+",
      "*",
      "-",
      "-w",
    ];
    const { stdout } = await fast(args, { HOME: "" });
    expect(JSON.parse(stdout).args).toEqual(args);
  });

  tryIt("directory and environment reach the daemon; unset variables stay unset", async () => {
    askRunning();
    const { stdout } = await fast(["pr", "view", "echo"], {
      HOME: "",
      GH_REPO: "o/r with space",
      NO_COLOR: "1",
      GH_TOKEN: "gho_secret",
      TERM: "dumb",
    });
    expect(JSON.parse(stdout)).toMatchObject({
      cwd: machine.root,
      tty: { stdin: false, stdout: false, stderr: false },
    });
    expect(JSON.parse(stdout).env).toEqual({
      OCTOPOOL_URL: running.relay.url,
      PATH: machine.env.PATH,
      GH_REPO: "o/r with space",
      NO_COLOR: "1",
      GH_TOKEN: "set",
      TERM: "dumb",
    });
  });

  tryIt("without a daemon the full client runs, and starts one", async () => {
    relay.answer = () => ({ body: "started" });
    expect(await run(["api", "repos/o/r"], relay.env)).toMatchObject({ code: 0, stdout: "started" });
    expect(machine.daemons()).toHaveLength(1);
  });

  tryIt("an answer with an exit code or words on stderr comes from the full client, once", async () => {
    askRunning();
    expect(await run(["pr", "view", "fail"], running.relay.env)).toMatchObject({
      code: 8,
      stdout: "half\n",
      stderr: "what went wrong\n",
    });
    writeFileSync(script, scriptFor([process.execPath, testOctopool]));
    expect((await fast(["pr", "view", "fail"], { HOME: "" })).stdout).toBe("the full client ran\n");
  });

  tryIt("calls that the daemon leaves to the real gh go there directly", async () => {
    askRunning();
    expect(await fast(["pr", "view", "unknown", "a b"], { HOME: "" })).toMatchObject({
      stdout: "real:4\n<pr><view><unknown><a b>",
    });
  });

  tryIt("a native command needs neither daemon nor curl nor the full client", async () => {
    expect(await fast(["auth", "status", ""], { PATH: "/nowhere" })).toMatchObject({
      stdout: "real:3\n<auth><status><>",
    });
    expect(await fast([], { PATH: "/nowhere" })).toMatchObject({ stdout: "real:0\n" });
  });

  tryIt("a write leaves a mark that names places, tags and nothing else, and its process becomes gh", async () => {
    makeMarks();
    real = machine.install("real-gh", "#!/bin/sh\necho $$\n");
    const args = [
      "pr",
      "edit",
      "https://github.com/o/r/pull/1",
      "-R",
      "p/q",
      "-R=s/t",
      "-Ru/v",
      "-Rgit.example.org/w/x",
      "-Rone/two/three",
      "--body",
      "a secret",
      "https://u:password@x/y",
    ];
    const { stdout } = await fast(args, { GH_REPO: "e/f" });
    const [mark = ""] = readdirSync(join(machine.runtime, "written"));
    expect(mark).toMatch(new RegExp(`^${stdout.trim()}-\\d+$`));
    const text = readFileSync(join(machine.runtime, "written", mark), "utf8");
    const tags = `tags:${tagsWrittenBy(["pr", "edit"])?.join(",")}`;
    expect(text.split("\0")).toEqual([
      machine.root,
      "e/f",
      "o/r",
      "p/q",
      "s/t",
      "u/v",
      "git.example.org/w/x",
      "*",
      tags,
    ]);
    expect(readFileSync(join(sharedMarks(), mark), "utf8")).toBe(text);
  });

  tryIt("a write through `gh api` is the full client's, which knows its flags", async () => {
    expect((await fast(["api", "repos/o/r", "-f", "a=b"])).stdout).toBe("the full client ran\n");
    expect((await fast(["api", "-XPOST", "repos/o/r"])).stdout).toBe("the full client ran\n");
    expect((await fast(["api", "graphql"])).stdout).toBe("the full client ran\n");
  });

  tryIt.each(["-R o/r run rerun 5", "-Ro/r run rerun 5", "--repo=o/r issue close 1", "pr -R o/r merge 7"])(
    "a flag before the command's words (gh %s) is the full client's, which knows gh's reading of it",
    async (line) => {
      makeMarks();
      expect((await fast(line.split(" "))).stdout).toBe("the full client ran\n");
    },
  );

  tryIt("without curl the full client runs", async () => {
    askRunning();
    expect((await fast(["api", "repos/o/r"], { HOME: "", PATH: "/nowhere" })).stdout).toBe("the full client ran\n");
  });

  tryIt("when Octopool is uninstalled the real gh runs", async () => {
    writeFileSync(script, scriptFor(["/nowhere/node", "/nowhere/octopool.cjs"]));
    expect((await run(["api", "repos/o/r"])).stdout).toBe("real:2\n<api><repos/o/r>");
  });

  tryIt("when the real gh has moved as well, it is found on PATH", async () => {
    rmSync(real);
    const moved = new TestMachine();
    moved.installGh();
    writeFileSync(script, scriptFor(["/nowhere/node", "/nowhere/octopool.cjs"]));
    const PATH = `${machine.bin}:${moved.bin}:/usr/bin:/bin`;
    expect((await run(["api", "x"], { PATH })).stdout).toBe("real gh: api x\n");
    await moved.stop();
  });

  tryIt("a daemon that dies after output began: exit 1, nothing printed twice", async () => {
    mkdirSync(machine.runtime, { mode: 0o700 });
    symlinkSync("/proc/self/ns/net", join(machine.runtime, "net"));
    const half = createServer((_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half of it", () => response.destroy());
    });
    half.listen(machine.socket);
    await once(half, "listening");
    expect(await fast(["api", "repos/o/r"])).toMatchObject({
      code: 1,
      stdout: "half of it",
      stderr: expect.stringMatching(/in the middle/),
    });
    half.close();
  });

  tryIt("a daemon that dies before any output: the full client runs", async () => {
    mkdirSync(machine.runtime, { mode: 0o700 });
    const dead = createServer((request) => request.socket.destroy());
    dead.listen(machine.socket);
    await once(dead, "listening");
    expect(await fast(["api", "repos/o/r"])).toMatchObject({ code: 0, stdout: "the full client ran\n" });
    dead.close();
  });

  tryIt("a reader that goes away ends it by SIGPIPE, as gh", async () => {
    askRunning();
    const line = `"$@" | head -c 3; echo " ${"$"}{PIPESTATUS[0]}"`;
    const bash = onPath("bash");
    if (bash === undefined) return;
    const { stdout } = await ended(
      machine.start([bash, "-c", line, "x", shell ?? "", ...options, script, "pr", "view", "big", "10000000"], {
        env: { HOME: "" },
      }),
    );
    expect(stdout).toBe("012 141\n");
  });

  tryIt("a full disk is an error", async () => {
    askRunning();
    const { code, stderr } = await ended(
      machine.start(["/bin/sh", "-c", '"$@" >/dev/full', "x", shell ?? "", ...options, script, "pr", "view", "echo"], {
        env: { HOME: "" },
      }),
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "octopool: the output could not be written\n" });
  });

  tryIt("100 MB arrive whole", async () => {
    askRunning();
    const child = machine.start([shell ?? "", ...options, script, "pr", "view", "big", "100000000"], {
      env: { HOME: "" },
    });
    let length = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    await once(child, "close");
    expect(length).toBe(100_000_000);
  });
});

test("the script is short", () => {
  const text = shimScript({ client: ["node", "x"], gh: "/usr/bin/gh", version: "1.0.0", uid: 1, platform: "linux" });
  expect(text.split("\n").length).toBeLessThan(250);
});

test.skipIf(onPath("shellcheck") === undefined)("shellcheck has no complaint", () => {
  const text = shimScript({ client: ["node", "x"], gh: "/usr/bin/gh", version: "1.0.0", uid: 1, platform: "linux" });
  // Meant are word lists, the fall-through of `A && B || C`, plain words as values, features of every sh beside POSIX
  // (-ef, -nt), and lines for bash alone.
  const meant = "SC2015,SC2154,SC2086,SC2209,SC2163,SC3013,SC3028,SC3045";
  execFileSync("shellcheck", ["-s", "sh", "-e", meant, "-"], { input: text });
});
