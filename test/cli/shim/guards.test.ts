/** Whatever the client meets before the first byte is printed, the real gh runs, with everything as it was. */
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shimScript } from "../../../cli/shim/script.ts";
import { ended, Machine } from "../../daemon/support/machine.ts";
import { RelayStandIn, testToken } from "../../daemon/support/relay.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const octopool = join(import.meta.dirname, "../../daemon/support/octopool.ts");

/** Shells that run the script, where they are installed. */
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["zsh", "--emulate", "sh"]];

function onPath(program: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(":")
    .map((place) => join(place, program))
    .find(existsSync);
}

let relay: RelayStandIn;
let machine: Machine;
beforeEach(async () => {
  relay = await RelayStandIn.start();
  machine = new Machine(relay.env);
});
afterEach(async () => {
  await machine.stop();
  await relay.stop();
});

const read = ["api", "repos/o/r/pulls/7"];
const writes = [
  ["pr", "merge", "7", "-R", "o/r"],
  ["api", "-X", "PATCH", "repos/o/r"],
  ["an-extension", "x"],
];

describe.each(shells)("the sh shim in %s", (program, ...options) => {
  const shell = onPath(program) ?? "";
  const tryIt = test.skipIf(shell === "");
  let real: string;
  let script: string;

  const scriptFor = (client: readonly [string, ...string[]], ghIsScript = true) =>
    shimScript({ client, gh: real, ghIsScript, version: "0.0.0", uid: process.getuid?.() ?? 0, platform: "linux" });

  beforeEach(() => {
    mkdirSync(join(machine.root, "real"));
    real = join(machine.root, "real/gh");
    writeFileSync(real, '#!/bin/sh\necho "real: $*"\n[ -t 0 ] || cat\n');
    chmodSync(real, 0o755);
    script = machine.install("gh", scriptFor([process.execPath, octopool]));
    machine.env.PATH = `${machine.bin}:${join(machine.root, "real")}:/usr/bin:/bin`;
  });

  const run = (args: readonly string[], env: Record<string, string> = {}, flags: readonly string[] = []) =>
    ended(machine.start([shell, ...options, ...flags, script, ...args], { env }));

  describe.each([
    ["does not exist", "/nowhere/node"],
    ["ends before it begins", "#!/bin/sh\nexit 1\n"],
    ["dies of a signal", "#!/bin/sh\nkill -SEGV $$\n"],
    ["prints what it likes and fails", "#!/bin/sh\necho 'loader error' >&2\nexit 127\n"],
    ["is no program", "\x7fELF is not enough"],
  ])("with a Node that %s", (_what, node) => {
    beforeEach(() => {
      const path = node.startsWith("/") ? node : machine.install("broken-node", node);
      writeFileSync(script, scriptFor([path, octopool]));
    });
    tryIt.each([read, ...writes])("gh %s %s … is the real gh's, with its stdin", async (...args) => {
      const child = machine.start([shell, ...options, script, ...args]);
      const result = ended(child, { stdin: "open" });
      child.stdin.end("from stdin");
      expect(await result).toMatchObject({ code: 0, stdout: `real: ${args.join(" ")}\nfrom stdin` });
    });
    tryIt("a write leaves its mark", async () => {
      mkdirSync(join(machine.runtime, "written"), { recursive: true, mode: 0o700 });
      await run(["repo", "edit", "o/r"]);
      const [mark = ""] = readdirSync(join(machine.runtime, "written"));
      expect(
        readFileSync(join(machine.runtime, "written", mark), "utf8")
          .split("\0")
          .at(-1),
      ).toBe("*");
    });
  });

  tryIt.each([
    { NODE_OPTIONS: "--no-such-flag" },
    { NODE_OPTIONS: "--require /nowhere/loader.js" },
    { NODE_COMPILE_CACHE: "/proc/x" },
    { NODE_DEBUG: "*" },
    { NODE_CHANNEL_FD: "3" },
  ])(
    "%j keeps nothing from working, and reaches gh's children unchanged",
    async (variables: Record<string, string>) => {
      relay.answer = () => ({ body: "answered" });
      expect(await run(read, variables)).toMatchObject({ code: 0, stdout: "answered", stderr: "" });
      writeFileSync(real, `#!/bin/sh\nprintf '%s' "$${Object.keys(variables)[0]}"\n`);
      const [value] = Object.values(variables);
      expect((await run(["api", "-X", "PATCH", "repos/o/r"], variables)).stdout).toBe(value);
      expect((await run(["pr", "merge", "7"], variables)).stdout).toBe(value);
    },
  );

  tryIt("another tool's gh that leads back to us, by exec or as a child, is passed over", async () => {
    for (const how of ["exec ", ""]) {
      const other = join(machine.root, "other");
      mkdirSync(other, { recursive: true });
      writeFileSync(join(other, "gh"), `#!/bin/sh\necho other >>"$COUNT"\n${how}"$SHIM" "$@"\n`);
      chmodSync(join(other, "gh"), 0o755);
      const PATH = `${machine.bin}:${other}:${join(machine.root, "real")}:/usr/bin:/bin`;
      // It must not name a path with our name in it: then it would be known for a wrapper of ours.
      const env = { PATH, SHIM: script, COUNT: join(machine.root, "count") };
      for (const args of writes)
        expect((await run(args, env)).stdout, `${how} ${args}`).toBe(`real: ${args.join(" ")}\n`);
    }
    expect(readFileSync(join(machine.root, "count"), "utf8").split("\n").length).toBeLessThan(40);
  });

  tryIt(
    "the first gh on PATH behind the shim runs, for every kind of command; else the one of the installation",
    async () => {
      const project = join(machine.root, "project");
      mkdirSync(project);
      writeFileSync(join(project, "gh"), "#!/bin/sh\necho the project gh\n");
      chmodSync(join(project, "gh"), 0o755);
      const PATH = `${machine.bin}:${project}:${join(machine.root, "real")}:/usr/bin:/bin`;
      for (const args of [["--version"], ...writes])
        expect((await run(args, { PATH })).stdout).toBe("the project gh\n");
      for (const args of [["--version"], ...writes])
        expect((await run(args, { PATH: "/usr/bin:/bin" })).stdout).toBe(`real: ${args.join(" ")}\n`);
    },
  );

  tryIt.each(["relative/gh", "/nowhere/gh", "/etc/passwd", "itself"])(
    "OCTOPOOL_GH_PATH=%s is an error",
    async (path) => {
      const env = { OCTOPOOL_GH_PATH: path === "itself" ? script : path };
      expect(await run(["pr", "merge", "7"], env)).toMatchObject({
        stdout: "",
        stderr: expect.stringMatching(/OCTOPOOL_GH_PATH/),
      });
    },
  );

  tryIt.each([["-e"], ["-u"], ["-C"], ["-f"], ["-a"], ["-euCf"]])(
    "the shell's option %s changes nothing",
    async (flag) => {
      relay.answer = () => ({ body: "answered" });
      expect(await run(read, {}, [flag])).toMatchObject({ code: 0, stdout: "answered" });
      for (const args of writes)
        expect(await run(args, {}, [flag])).toMatchObject({ code: 0, stdout: `real: ${args.join(" ")}\n` });
    },
  );

  tryIt.each<Record<string, string>>([
    { SHELLOPTS: "errexit:nounset:noclobber:noglob" },
    { POSIXLY_CORRECT: "1" },
    { ENV: "/nowhere", BASH_ENV: "/nowhere" },
    { IFS: "/gh" },
    { "BASH_FUNC_printf%%": "() { echo stolen; }", "BASH_FUNC_kill%%": "() { echo stolen; }" },
    { "BASH_FUNC_curl%%": "() { echo stolen; }" },
    { CDPATH: "/" },
    { op_gh: "/nowhere", op_r: "/bin/echo", op_d: "/nowhere" },
  ])("%j changes nothing", async (variables) => {
    relay.answer = () => ({ body: "answered" });
    expect(await run(read, variables)).toMatchObject({ code: 0, stdout: "answered" });
    for (const args of writes) expect((await run(args, variables)).stdout).toBe(`real: ${args.join(" ")}\n`);
  });

  tryIt.each(["0<&-", "2>&-", "3<&-", "0<&- 2>&-"])("closed streams (%s) change nothing", async (closed) => {
    relay.answer = () => ({ body: "answered" });
    const line = `"$@" ${closed}`;
    const closedRun = (args: readonly string[]) =>
      ended(machine.start(["/bin/sh", "-c", line, "x", shell, ...options, script, ...args]));
    expect(await closedRun(read)).toMatchObject({ code: 0, stdout: "answered" });
    for (const args of writes) expect((await closedRun(args)).stdout).toBe(`real: ${args.join(" ")}\n`);
  });

  tryIt("with stdout closed a read does not hang or run twice", async () => {
    // Not by its whole path, which names Octopool: a script that does so and is newer than the shim is taken for ours.
    writeFileSync(real, '#!/bin/sh\necho ran >>"$(dirname "$0")/../ran"\n');
    await ended(machine.start(["/bin/sh", "-c", '"$@" >&-', "x", shell, ...options, script, ...read]));
    expect(readFileSync(join(machine.root, "ran"), "utf8")).toBe("ran\n");
  });

  tryIt.each(["CHLD", "PIPE", "HUP", "INT", "TERM"])(
    "with SIG%s ignored all is as ever, and gh ignores it too",
    async (signal) => {
      relay.answer = () => ({ body: "answered" });
      const ignoring = (args: readonly string[]) =>
        ended(
          machine.start(["/bin/sh", "-c", `trap '' ${signal}; "$@"; exit $?`, "x", shell, ...options, script, ...args]),
        );
      expect(await ignoring(read)).toMatchObject({ code: 0, stdout: "answered" });
      writeFileSync(real, "#!/bin/sh\ngrep SigIgn /proc/self/status\n");
      const number = { CHLD: 17, PIPE: 13, HUP: 1, INT: 2, TERM: 15 }[signal] ?? 0;
      const mask = BigInt(
        `0x${/SigIgn:\s*(\w+)/.exec((await ignoring(["api", "-X", "PATCH", "repos/o/r"])).stdout)?.[1]}`,
      );
      if (signal !== "CHLD") expect(mask & (1n << BigInt(number - 1))).not.toBe(0n);
    },
  );

  tryIt("in a directory that was removed both reads and writes work", async () => {
    relay.answer = () => ({ body: "answered" });
    const line = 'mkdir gone && cd gone && rmdir ../gone && "$@"';
    const there = (args: readonly string[]) =>
      ended(machine.start(["/bin/sh", "-c", line, "x", shell, ...options, script, ...args]));
    expect(await there(read)).toMatchObject({ code: 0, stdout: "answered" });
    for (const args of writes) expect((await there(args)).stdout).toBe(`real: ${args.join(" ")}\n`);
  });

  tryIt("no byte can be written to any file: reads and writes work", async () => {
    const limited = (args: readonly string[]) =>
      ended(machine.start(["/bin/sh", "-c", 'ulimit -f 0; "$@"', "x", shell, ...options, script, ...args]));
    mkdirSync(join(machine.runtime, "written"), { recursive: true, mode: 0o700 });
    for (const args of writes) expect((await limited(args)).stdout).toBe(`real: ${args.join(" ")}\n`);
    relay.answer = () => ({ body: "answered" });
    expect((await limited(read)).stdout).toMatch(/^(answered|real: api repos\/o\/r\/pulls\/7\n)$/);
  });

  /** What stands in `avoid`: curl's road leaves it empty, the full client tells why. */
  const roads = { "curl's road": /^$/, "the full client": /./ } as const;
  tryIt.each(Object.entries(roads))(
    "a daemon that hangs is left by %s after a bounded time, and the next command does not ask it",
    async (road, told) => {
      mkdirSync(machine.runtime, { mode: 0o700 });
      let asked = 0;
      const hung = createServer(() => {
        asked += 1;
      });
      hung.listen(machine.socket);
      await once(hung, "listening");
      relay.answer = () => ({ body: "answered" });
      const env = { OCTOPOOL_TOKEN: "" };
      if (road === "curl's road") await machine.logIn(relay.url, testToken);
      symlinkSync("/proc/self/ns/net", join(machine.runtime, "net"));
      const ask = () => run(read, road === "curl's road" ? env : {});
      expect(await ask()).toMatchObject({ code: 0, stdout: "answered" });
      expect(asked).toBe(1);
      expect(readFileSync(join(machine.runtime, "avoid"), "utf8")).toMatch(told);
      expect(await ask()).toMatchObject({ code: 0, stdout: "answered" });
      expect(asked).toBe(1);
      hung.close();
    },
  );
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

  test("directories on PATH of every kind that cannot be searched stand in nobody's way", async () => {
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
