import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeFrame } from "../../daemon/frames.ts";
import { frame as frames, framesMediaType } from "../../shared/protocol.ts";
import { eachTestHasMachine } from "./support/each-test.ts";
import { ended, TestMachine } from "./support/machine.ts";
import type { RelayStandIn } from "./support/relay.ts";

let relay: RelayStandIn;
let machine: TestMachine;

eachTestHasMachine((stage) => {
  ({ relay, machine } = stage);
});

const read = ["api", "repos/acme/widgets/pulls/7"];
const frame = (stream: "stdout" | "stderr", text: string) => Buffer.concat(encodeFrame(frames[stream], text));

test("simultaneous cold starts end with one daemon and as many right answers", async () => {
  relay.answer = () => ({ body: "right" });
  const results = await Promise.all(Array.from({ length: 12 }, () => machine.gh(read)));
  expect(results.map(({ stdout, code }) => [stdout, code])).toEqual(Array(12).fill(["right", 0]));
  expect(machine.daemons()).toHaveLength(1);
  expect(machine.log().match(/ started /g)).toHaveLength(1);
  expect(relay.asked).toHaveLength(1);
});

test("directory and socket are for this user only", async () => {
  await machine.startDaemon();
  expect(statSync(machine.runtime).mode & 0o777).toBe(0o700);
  expect(statSync(machine.socket).mode & 0o777).toBe(0o600);
});

test("a second daemon finds the lock taken, says so and leaves the first alone", async () => {
  await machine.startDaemon();
  await expect(machine.startDaemon()).rejects.toThrow('"busy"');
  expect((await machine.ask("GET", "/status")).status).toBe(200);
});

test("a socket that a killed daemon left behind does not stop the next call", async () => {
  relay.answer = () => ({ body: "fine" });
  const daemon = await machine.startDaemon();
  daemon.kill("SIGKILL");
  await once(daemon, "exit");
  expect(existsSync(machine.socket)).toBe(true);
  expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "fine" });
});

test("a starter that died long ago does not stop the next one, though its process id lives again", async () => {
  relay.answer = () => ({ body: "fine" });
  mkdirSync(machine.runtime, { mode: 0o700 });
  const token = join(machine.runtime, "starting");
  writeFileSync(token, String(process.pid));
  utimesSync(token, 0, 0);
  expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "fine" });
});

test("a starter that died in the middle does not stop the next one", async () => {
  relay.answer = () => ({ body: "fine" });
  mkdirSync(machine.runtime, { mode: 0o700 });
  const dead = machine.start(["/bin/true"]);
  await once(dead, "exit");
  writeFileSync(join(machine.runtime, "starting"), String(dead.pid));
  expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "fine" });
});

test.each([
  [
    "a symbolic link",
    (path: string) => {
      mkdirSync(`${path}.real`, { mode: 0o700 });
      symlinkSync(`${path}.real`, path);
    },
  ],
  [
    "open to others",
    (path: string) => {
      mkdirSync(path);
      chmodSync(path, 0o755);
    },
  ],
  ["a file", (path: string) => writeFileSync(path, "")],
] as const)(
  "a runtime directory that is %s is refused; the engine answers in the process instead",
  async (_what, make) => {
    machine.installGh();
    make(machine.runtime);
    const { stdout, stderr } = await machine.gh(read, { env: { OCTOPOOL_VERBOSE: "1" } });
    expect(stdout).toBe("{}");
    expect(stderr).toMatch(/not safe for a socket/);
    expect(machine.daemons()).toEqual([]);
  },
);

test("another program's socket in an unsafe directory is never spoken to", async () => {
  mkdirSync(machine.runtime);
  chmodSync(machine.runtime, 0o777);
  let connections = 0;
  const foreign = createServer(() => connections++);
  foreign.listen(machine.socket);
  await once(foreign, "listening");
  await machine.gh(read);
  foreign.close();
  expect(connections).toBe(0);
});

test("a runtime directory with a long path still works, under a short name", async () => {
  relay.answer = () => ({ body: "fine" });
  const env = { OCTOPOOL_RUNTIME_DIR: join(machine.root, "d".repeat(120)) };
  expect(await machine.gh(read, { env })).toMatchObject({ code: 0, stdout: "fine" });
  const pids = readdirSync("/proc").filter((name) => {
    try {
      return readFileSync(`/proc/${name}/environ`, "utf8").includes(`OCTOPOOL_RUNTIME_DIR=${env.OCTOPOOL_RUNTIME_DIR}`);
    } catch {
      return false;
    }
  });
  expect(pids).toHaveLength(1);
  process.kill(Number(pids[0]), "SIGTERM");
});

test("a start that fails tells the starter why, and the same engine answers in the process", async () => {
  mkdirSync(machine.runtime, { mode: 0o700 });
  mkdirSync(join(machine.runtime, "lock"));
  const { stdout, stderr, code } = await machine.gh(read, { env: { OCTOPOOL_VERBOSE: "1" } });
  expect({ stdout, code }).toEqual({ stdout: "{}", code: 0 });
  expect(stderr).toMatch(/The daemon did not start: .*unable to open database/);
});

test("without work it leaves, and removes its socket", async () => {
  const daemon = await machine.startDaemon({ OCTOPOOL_IDLE_SECONDS: "1" });
  await once(daemon, "exit");
  expect(daemon.exitCode).toBe(0);
  expect(existsSync(machine.socket)).toBe(false);
  expect(machine.log()).toMatch(/leaving reason="idle"/);
});

test("a running call keeps it from being idle", async () => {
  const release = Promise.withResolvers<void>();
  relay.answer = async () => {
    await release.promise;
    return { body: "{}" };
  };
  const daemon = await machine.startDaemon({ OCTOPOOL_IDLE_SECONDS: "1" });
  const call = machine.gh(["pr", "view", "hold"]);
  await relay.arrived(1);
  // Longer than the daemon's patience, measured by another one that begins its own now.
  const other = new TestMachine(relay.env);
  const witness = await other.startDaemon({ OCTOPOOL_IDLE_SECONDS: "2" });
  await once(witness, "exit");
  await other.stop();
  expect(daemon.exitCode).toBeNull();
  release.resolve();
  expect((await call).stdout).toBe("held\n");
});

test("it leaves when the socket's file is not its own any more, and lets the new one be", async () => {
  const daemon = await machine.startDaemon({ TEST_OWNERSHIP_MS: "20" });
  rmSync(machine.socket);
  writeFileSync(machine.socket, "another program's");
  await once(daemon, "exit");
  expect(readFileSync(machine.socket, "utf8")).toBe("another program's");
});

test.each(["SIGTERM", "POST /shutdown"])(
  "%s lets running calls finish, takes no new ones, and makes room at once",
  async (how) => {
    const release = Promise.withResolvers<void>();
    relay.answer = async ({ path }) => {
      if (path.includes("held")) await release.promise;
      return { body: "new" };
    };
    const daemon = await machine.startDaemon();
    const running = machine.gh(["pr", "view", "hold"]);
    await relay.arrived(1);
    if (how === "SIGTERM") daemon.kill("SIGTERM");
    else expect((await machine.ask("POST", "/shutdown")).status).toBe(202);
    // A successor starts and answers while the old one still drains.
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "new" });
    expect(daemon.exitCode).toBeNull();
    release.resolve();
    expect(await running).toMatchObject({ code: 0, stdout: "held\n" });
    if (daemon.exitCode === null) await once(daemon, "exit");
    expect(daemon.exitCode).toBe(0);
    expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "new" });
  },
);

test("a newer client is refused, so that it replaces the daemon; an older one is served", async () => {
  await machine.startDaemon({ TEST_VERSION: "1.2.3" });
  const call = (client: string, version = 1) =>
    machine.ask("POST", "/gh", { body: `version=${version}&client=${client}&cwd=/&tty=&arg=pr&arg=view&arg=echo` });
  expect((await call("1.2.4")).status).toBe(426);
  expect((await call("1.10.0")).status).toBe(426);
  expect((await call("1.2.3")).status).toBe(200);
  expect((await call("0.9.9")).status).toBe(200);
  expect((await call("1.2.3", 2)).status).toBe(426);
  expect((await call("1.2.3", 0)).status).toBe(400);
});

test("a newer client drains and replaces an older daemon while its running call ends as it should", async () => {
  const release = Promise.withResolvers<void>();
  relay.answer = async ({ path }) => {
    if (path.includes("held")) await release.promise;
    return { body: "{}" };
  };
  const old = await machine.startDaemon({ TEST_VERSION: "1.0.0" });
  const running = machine.gh(["pr", "view", "hold"], { env: { TEST_VERSION: "1.0.0" } });
  await relay.arrived(1);
  expect(await machine.gh(read, { env: { TEST_VERSION: "1.1.0" } })).toMatchObject({ code: 0, stdout: "{}" });
  expect(await machine.status()).toMatchObject({ version: "1.1.0" });
  expect(old.exitCode).toBeNull();
  release.resolve();
  expect(await running).toMatchObject({ code: 0, stdout: "held\n" });
  if (old.exitCode === null) await once(old, "exit");
  expect(machine.daemons()).toHaveLength(1);
});

test("a daemon that dies during a call is started again, once, and the answer is not lost", async () => {
  let deaths = 0;
  relay.answer = () => {
    if (deaths++ === 0) process.kill(machine.daemons()[0] ?? 0, "SIGKILL");
    return { body: "survived" };
  };
  expect(await machine.gh(read)).toMatchObject({ code: 0, stdout: "survived", stderr: "" });
  expect(relay.asked).toHaveLength(2);
});

test("a daemon that dies every time leaves the command to the real gh", async () => {
  machine.installGh();
  const { stdout, code } = await machine.gh(["pr", "view", "die"]);
  expect({ stdout, code }).toEqual({ stdout: "real gh: pr view die\n", code: 0 });
});

test("output that has begun is not printed twice: the command fails when the daemon dies in the middle", async () => {
  machine.installGh();
  const daemon = await machine.startDaemon();
  const child = machine.startGh(["run", "watch"]);
  const result = ended(child);
  await once(child.stdout, "data");
  daemon.kill("SIGKILL");
  expect(await result).toMatchObject({ code: 1, stdout: "first\n", stderr: expect.stringMatching(/in the middle/) });
});

const half = frame("stdout", "half of the answer\n");
test.each([
  ["in the middle of a frame", half.subarray(0, -5)],
  ["between two frames", half],
  ["behind words for standard error", Buffer.concat([half, frame("stderr", "a warning\n")])],
])(
  "nothing of a read is printed before its answer is whole: a daemon that ends %s costs nothing",
  async (_where, sent) => {
    machine.installGh();
    mkdirSync(machine.runtime, { mode: 0o700 });
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${framesMediaType}\r\nConnection: close\r\n\r\n`;
    const dying = createServer((connection) => {
      connection.once("data", () => connection.end(Buffer.concat([Buffer.from(head), sent])));
    });
    dying.listen(machine.socket);
    await once(dying, "listening");
    try {
      const ran = await machine.gh(read, { env: { OCTOPOOL_NO_SPAWN: "1" } });
      expect(ran).toMatchObject({ code: 0, stdout: `real gh: ${read.join(" ")}\n`, stderr: "" });
    } finally {
      dying.close();
    }
  },
);

test("OCTOPOOL_NO_SPAWN: no daemon is started, the real gh runs; a running daemon is used", async () => {
  machine.installGh();
  const env = { OCTOPOOL_NO_SPAWN: "1" };
  expect((await machine.gh(read, { env })).stdout).toBe("real gh: api repos/acme/widgets/pulls/7\n");
  expect(machine.daemons()).toEqual([]);
  await machine.startDaemon();
  expect((await machine.gh(read, { env })).stdout).toBe("{}");
});

test("OCTOPOOL_NO_SPAWN: a daemon that breaks off is not started again", async () => {
  machine.installGh();
  await machine.startDaemon();
  relay.answer = () => {
    for (const pid of machine.daemons()) process.kill(pid, "SIGKILL");
    return {};
  };
  const { stdout } = await machine.gh(read, { env: { OCTOPOOL_NO_SPAWN: "1" } });
  expect(stdout).toBe("real gh: api repos/acme/widgets/pulls/7\n");
  expect(relay.asked).toHaveLength(1);
  expect(machine.daemons()).toEqual([]);
});

test("OCTOPOOL_NO_SPAWN: an older daemon is neither told to leave nor replaced", async () => {
  machine.installGh();
  const old = await machine.startDaemon({ TEST_VERSION: "1.0.0" });
  const { stdout } = await machine.gh(read, { env: { OCTOPOOL_NO_SPAWN: "1", TEST_VERSION: "1.1.0" } });
  expect(stdout).toBe("real gh: api repos/acme/widgets/pulls/7\n");
  expect(machine.daemons()).toEqual([old.pid]);
  expect(await machine.status()).toMatchObject({ version: "1.0.0", state: "running" });
});

test("the log is bounded and holds no token", async () => {
  await machine.startDaemon();
  const path = join(machine.runtime, "daemon.log");
  writeFileSync(path, "x".repeat(300 * 1024));
  await machine.ask("POST", "/shutdown");
  await expect.poll(() => machine.log()).toMatch(/left/);
  expect(statSync(path).size).toBeLessThan(10_000);
  expect(statSync(`${path}.1`).size).toBe(300 * 1024);
  expect(machine.log()).not.toContain("op_");
});
