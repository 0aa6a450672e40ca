/**
 * A machine with limits, without sockets, with little or no disk, in other namespaces: no command is lost, none waits.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach } from "vitest";
import * as z from "zod";
import { bodyOf } from "./support/github-proxy.ts";
import type { LabMachine, Oddities } from "./support/lab-machine.ts";
import { hasRealGh } from "./support/real-gh.ts";
import { issuePaths, type LabSetup, setTheStage } from "./support/stage.ts";
import { type Tries, trial } from "./support/trial.ts";
import { project } from "./support/world.ts";

let stage: LabSetup;
let machine: LabMachine;
/** The time limit of a command, on a busy machine. */
const oddMs = 15_000;

setTheStage((set, laptop) => {
  stage = set;
  machine = laptop;
});
beforeEach(() => rmSync(machine.runtimeDirectory, { recursive: true, force: true }));

const nextIssue = issuePaths();

/** A read and a write under an oddity, by the shim and by the full client; then a read without it. */
async function tryAll(tries: Tries, oddities: Oddities, callers: readonly ("gh" | "client")[] = ["gh", "client"]) {
  for (const caller of callers) {
    const path = nextIssue();
    const read = ["api", path];
    const expected = await machine.real(read);
    tries.compare(`a read by ${caller}`, await machine[caller](read, oddities), expected, { within: oddMs });
    const write = ["api", "-X", "PATCH", path, "-f", `title=By ${caller}`];
    const wrote = await machine[caller](write, oddities);
    tries.holds(`a write by ${caller} ends well`, wrote.exitCode === 0, "lost", `${wrote.exitCode} ${wrote.stderr}`);
    const after = await machine.real(read);
    tries.holds(`the write by ${caller} arrived`, after.stdout.includes(`By ${caller}`), "lost");
    tries.compare(`a read elsewhere after ${caller}`, await machine.gh(read), after, { within: oddMs });
  }
}

const limits: Readonly<Record<string, string>> = {
  "20 open files": "ulimit -n 20",
  "64 open files": "ulimit -n 64",
  "little memory": "ulimit -v 2000000",
  "a small stack": "ulimit -s 512",
  "a second of processor time for each process": "ulimit -t 1",
  "the lowest priority": "renice -n 19 $$ >/dev/null",
  "a mask that takes all bits": "umask 0777",
};
for (const [name, before] of Object.entries(limits)) {
  trial("the starter's surroundings", name, async (tries, context) => {
    const can = await machine.real(["api", nextIssue()], { before });
    if (can.exitCode !== 0) context.skip("the real gh does not work there either");
    await tryAll(tries, { before });
  });
}

trial("the starter's surroundings", "a limited shell keeps no other from a daemon", async (tries) => {
  const args = ["api", nextIssue()];
  await machine.gh(args, { before: "ulimit -n 64" });
  await machine.gh(args);
  const { exitCode } = await machine.octopool(["daemon", "status"]);
  tries.holds("a daemon runs after the next read", exitCode === 0, "wrong");
});

const library = (name: string, source: string) => {
  const file = join(machine.machine.directory, name);
  writeFileSync(`${file}.c`, source);
  execFileSync("cc", ["-shared", "-fPIC", "-o", `${file}.so`, `${file}.c`, "-ldl"]);
  return { LD_PRELOAD: `${file}.so` };
};
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
const head = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
`;
const denied = (call: string, signature: string, names: string, errno: string) => `${head}
int ${call}(${signature}) { static int (*real)(${signature.replace(/ \w+(?=,|$)/g, "")});
  if (!real) real = dlsym(RTLD_NEXT, "${call}"); errno = ${errno}; return ${call === "socket" ? "a == AF_UNIX ? -1 : " : "b && b->sa_family != AF_UNIX ? "}${call === "socket" ? `real(${names})` : `real(${names}) : -1`}; }
`;
const denials = {
  "unix sockets may not be made (EPERM)": denied("socket", "int a, int b, int c", "a, b, c", "EPERM"),
  "unix sockets are unknown (EAFNOSUPPORT)": denied("socket", "int a, int b, int c", "a, b, c", "EAFNOSUPPORT"),
  "unix sockets may not be connected (EACCES)": denied(
    "connect",
    "int a, const struct sockaddr *b, socklen_t c",
    "a, b, c",
    "EACCES",
  ),
  "listening is forbidden (EPERM)": `${head}int listen(int a, int b) { errno = EPERM; return -1; }\n`,
};
for (const [name, source] of Object.entries(denials)) {
  trial("a command waits", name, async (tries, context) => {
    if (!hasCompiler) context.skip("no C compiler makes the sandbox here");
    const env = library("denied", source);
    const args = ["api", nextIssue()];
    const expected = await machine.real(args);
    tries.compare("without a daemon", await machine.gh(args, { env }), expected, { within: oddMs });
    tries.compare("outside, then", await machine.gh(args), expected, { within: oddMs });
    const other = ["api", nextIssue()];
    tries.compare("beside a daemon", await machine.gh(other, { env }), await machine.real(other), { within: oddMs });
    const running = await machine.octopool(["daemon", "status"]);
    tries.holds("the daemon outside was left alone", running.exitCode === 0, "wrong", running.stdout);
  });
}

trial("the read path holds", "a clock that is a day ahead, or behind", async (tries, context) => {
  if (!hasCompiler) context.skip("no C compiler makes the clock here");
  for (const seconds of [86_400, -86_400]) {
    const env = library(
      `clock${seconds > 0 ? "ahead" : "behind"}`,
      `${head}int clock_gettime(clockid_t a, struct timespec *b) { static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime"); int r = real(a, b); if (a == CLOCK_REALTIME) b->tv_sec += ${seconds}; return r; }\n`,
    );
    await tryAll(tries, { env });
  }
});

trial("the read path holds", "files of the runtime directory from another time, or of another kind", async (tries) => {
  for (const name of ["starting", "avoid", "net", "lock", "daemon.log", "daemon.sock"]) {
    for (const kind of ["from tomorrow", "a directory", "a link to nowhere", "a pipe"] as const) {
      await machine.octopool(["daemon", "stop"]);
      const path = join(machine.runtimeDirectory, name);
      mkdirSync(machine.runtimeDirectory, { recursive: true, mode: 0o700 });
      rmSync(path, { recursive: true, force: true });
      const tomorrow = new Date(Date.now() + 86_400_000);
      if (kind === "from tomorrow") {
        writeFileSync(path, "1 1");
        utimesSync(path, tomorrow, tomorrow);
      } else if (kind === "a directory") mkdirSync(join(path, "below"), { recursive: true });
      else if (kind === "a pipe") execFileSync("mkfifo", [path]);
      else symlinkSync("/nowhere/at/all", path);
      const args = ["api", nextIssue()];
      const expected = await machine.real(args);
      tries.compare(`${name} is ${kind}`, await machine.gh(args), expected, { within: oddMs });
      rmSync(path, { recursive: true, force: true });
    }
  }
});

for (const options of ["--no-such-flag", "--require /nowhere/loader.js", "--inspect-brk=0", "--max-old-space-size=1"]) {
  trial("a command is lost", `NODE_OPTIONS=${options}`, async (tries, context) => {
    if (!hasRealGh) context.skip("the stand-in for gh is itself Node's");
    await tryAll(tries, { env: { NODE_OPTIONS: options } });
  });
}

/** The exit code of the lines below where they could not make the surroundings. */
const notMade = 99;

/** Runs a command in namespaces of its own, after lines of sh as root there. */
function inNamespaces(flags: string, lines: string): string {
  const inner = `{ ${lines}; } || exit ${notMade}\nexec "$@"`;
  return `exec unshare ${flags} /bin/sh -c '${inner.replaceAll("'", "'\\''")}' sh "$@"`;
}
const may = (flags: string) => spawnSync("unshare", [...flags.split(" "), "true"]).status === 0;

const spaces: readonly (readonly [string, string, (place: LabMachine) => string])[] = [
  ["another network", "-n", () => ":"],
  ["other mounts", "-m", () => ":"],
  ["other processes and mounts", "-p --fork --mount-proc", () => ":"],
  ["other processes under the same /proc", "-p --fork", () => ":"],
  [
    "a home that may not be written",
    "-m",
    ({ home }) => `mount --bind ${home} ${home} && mount -o remount,ro,bind ${home}`,
  ],
  [
    "a full home",
    "-m",
    ({ home }) =>
      [
        `cp -a ${home} /dev/shm/lab-home.$$`,
        `mount -t tmpfs -o size=1m,mode=700 none ${home}`,
        `cp -a /dev/shm/lab-home.$$/. ${home}/ && rm -r /dev/shm/lab-home.$$`,
        `{ cat /dev/zero >${home}/filler; } 2>/dev/null; ! { echo more >>${home}/filler; } 2>/dev/null`,
      ].join(" && "),
  ],
  [
    "a runtime directory that may not be written",
    "-m",
    ({ machine: { directory } }) =>
      `mount --bind ${directory}/run ${directory}/run && mount -o remount,ro,bind ${directory}/run`,
  ],
  [
    "a runtime directory that is full",
    "-m",
    ({ machine: { directory } }) =>
      `mount -t tmpfs -o size=8k,mode=700 none ${directory}/run && { { cat /dev/zero >${directory}/run/filler; } 2>/dev/null; ! { echo more >>${directory}/run/filler; } 2>/dev/null; }`,
  ],
  ["no /proc", "-m", () => "umount -l /proc && ! [ -e /proc/self ]"],
  ["an empty /proc", "-m", () => "mount -t tmpfs none /proc && ! [ -e /proc/self ]"],
];
for (const [name, flags, lines] of spaces) {
  trial("the starter's surroundings", `in namespaces: ${name}`, async (tries, context) => {
    if (!may(flags)) context.skip(`unshare ${flags} is not permitted here`);
    if (flags === "-n" && !hasRealGh) context.skip("the stand-in for gh needs the network");
    const before = inNamespaces(flags, lines(machine));
    const made = await machine.run(["true"], { before });
    if (made.exitCode !== 0) context.skip(`these surroundings cannot be made here: ${made.stderr}`);
    await tryAll(tries, { before });
  });
}

trial(
  "own writes are hidden",
  "a write in other namespaces is seen by the next read outside",
  async (tries, context) => {
    for (const flags of ["-p --fork --mount-proc", "-m", "-n"]) {
      if (!may(flags)) context.skip(`unshare ${flags} is not permitted here`);
      // The stand-in for gh needs the network.
      if (flags === "-n" && !hasRealGh) continue;
      const path = nextIssue();
      await machine.gh(["api", path]);
      await machine.gh(["api", "-X", "PATCH", path, "-f", `title=In ${flags}`], { before: inNamespaces(flags, ":") });
      tries.compare(flags, await machine.gh(["api", path]), await machine.real(["api", path]));
    }
  },
);

trial("a command is lost", "another user under the same environment, and another's HOME", async (tries, context) => {
  if (process.getuid?.() !== 0) context.skip("only root may become another user");
  const uid = 65_534;
  const gh = process.env.OCTOPOOL_GH_PATH;
  if (gh && spawnSync(gh, ["--version"], { uid, cwd: "/" }).status !== 0)
    context.skip("another user may not run the gh of this test");
  const { directory } = machine.machine;
  for (const place of [directory, dirname(dirname(machine.realGh.path))]) chmodSync(place, 0o755);
  execFileSync("chmod", ["-R", "a+rwX", dirname(dirname(machine.realGh.path))]);
  execFileSync("chmod", ["-R", "a+rX", join(directory, "shim"), machine.home]);
  await machine.gh(["api", nextIssue()]);
  await tryAll(tries, { uid, cwd: "/" }, ["gh"]);
  await tryAll(tries, { uid, cwd: "/", env: { HOME: "/nowhere", XDG_RUNTIME_DIR: undefined } }, ["gh"]);
  // As sudo -E: root, with another's HOME and runtime directory.
  await tryAll(tries, { env: { SUDO_UID: "1000", USER: "somebody" } }, ["gh"]);
});

const statusSchema = z.object({ pid: z.number().int().positive() });
for (const what of ["read", "write", "octopool status", "octopool daemon status", "octopool daemon stop"] as const) {
  trial("a command waits", `a stopped daemon: ${what}`, async (tries) => {
    const path = nextIssue();
    // The saved login, so that the script itself asks the daemon.
    const env = { OCTOPOOL_TOKEN: undefined };
    await machine.gh(["api", path], { env });
    const { pid } = statusSchema.parse(JSON.parse((await machine.octopool(["daemon", "status", "--json"])).stdout));
    process.kill(pid, "SIGSTOP");
    try {
      if (what === "read") {
        const expected = await machine.real(["api", path]);
        tries.compare("first", await machine.gh(["api", path], { env }), expected, { within: 25_000 });
        const next = await machine.gh(["api", path], { env });
        tries.compare("then", next, expected, { within: 8_000 });
      } else if (what === "write") {
        const wrote = await machine.gh(["api", "-X", "PATCH", path, "-f", "title=Stopped"], { env });
        tries.holds("the write arrived", wrote.exitCode === 0 && !wrote.timedOut, "lost", wrote.stderr);
      } else {
        const ran = await machine.octopool(what.split(" ").slice(1));
        tries.holds(`it ends in time`, !ran.timedOut && ran.milliseconds < 25_000, "lost", String(ran.milliseconds));
        tries.holds("it says something", ran.stdout + ran.stderr !== "", "wrong");
      }
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });
}

trial("trouble with one thing", "the relay's database has lost a table, and gets it back", async (tries) => {
  const db = await stage.stack.relay.runtime.getD1Database("DB");
  const args = () => ["api", nextIssue()];
  await db.exec("alter table github_cache_entries rename to elsewhere");
  try {
    const now = args();
    tries.compare("meanwhile", await machine.gh(now), await machine.real(now), { within: oddMs });
  } finally {
    await db.exec("alter table elsewhere rename to github_cache_entries");
  }
  await machine.restart();
  const then = args();
  tries.compare("afterwards", await machine.gh(then), await machine.real(then), { within: oddMs });
  tries.holds("by the pool", machine.realGh.calls().length === 0, "wrong", String(machine.realGh.calls()));
});

trial("trouble with one thing", "an organisation asks the pool's identity for single sign-on", async (tries) => {
  const refused = nextIssue();
  const sso = bodyOf("application/json", '{"message":"Resource protected by organization SAML enforcement."}', 403);
  stage.proxy.mangling = {
    instead: (passing) =>
      passing.path.startsWith(`/${refused}`)
        ? { ...sso, headers: { ...sso.headers, "x-github-sso": "required; url=https://github.com/orgs/acme/sso" } }
        : undefined,
  };
  const expected = await machine.real(["api", refused]);
  tries.compare("that path", await machine.gh(["api", refused]), expected, { within: oddMs });
  tries.compare("once more", await machine.gh(["api", refused]), expected, { within: oddMs });
  stage.calm();
  const other = ["api", nextIssue()];
  tries.compare("another, when it is over", await machine.gh(other), await machine.real(other), { within: oddMs });
});

trial(
  "a command is lost",
  "commands that people type, with the daemon's directory gone in between",
  async (tries, context) => {
    if (!hasRealGh) context.skip("needs the real gh");
    for (const line of [`issue list -R ${project} -L 3`, `issue view 5 -R ${project}`, `label list -R ${project}`]) {
      const args = line.split(" ");
      await machine.gh(args);
      rmSync(machine.runtimeDirectory, { recursive: true, force: true });
      tries.compare(line, await machine.gh(args), await machine.real(args), { within: oddMs });
    }
  },
);
