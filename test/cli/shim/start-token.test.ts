import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { avoid, forgive, isAvoided } from "../../../cli/shim/avoid.ts";
import { hasFailedToStart, rememberFailedStart, situation } from "../../../cli/shim/failed-start.ts";
import { takeStartToken } from "../../../cli/shim/start-token.ts";

let directory: string;
const token = () => join(directory, "starting");
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-token-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const take = () => takeStartToken(token(), process.pid, 20_000);
const long = new Date(Date.now() - 5_000);
const later = new Date(Date.now() + 3600_000);

test("one client starts the daemon, others wait for it; then the next may", () => {
  const mine = take();
  expect(mine).not.toBe("taken");
  expect(take()).toBe("taken");
  if (mine !== "taken") mine.release();
  expect(existsSync(token())).toBe(false);
  expect(take()).not.toBe("taken");
});

test.each([
  ["is empty", () => writeFileSync(token(), ""), long],
  ["holds garbage", () => writeFileSync(token(), "not a process"), long],
  ["names process 0", () => writeFileSync(token(), "0 -"), undefined],
  ["names a process that has ended", () => writeFileSync(token(), "4194301 1"), undefined],
  ["names a process id that is another process's by now", () => writeFileSync(token(), `${process.pid} 1`), undefined],
  ["is of a time to come", () => writeFileSync(token(), `${process.pid} 1`), later],
  ["is a pipe", () => execFileSync("mkfifo", [token()]), undefined],
  ["is a directory", () => mkdirSync(join(token(), "below"), { recursive: true }), undefined],
  ["is a link to nowhere", () => symlinkSync("/nowhere", token()), undefined],
] as const)("a token that %s is out of the way at once", (_what, make, time) => {
  make();
  if (time) utimesSync(token(), time, time);
  expect(take()).not.toBe("taken");
});

test.skipIf(process.platform !== "linux")(
  "the token of a process that ended unseen by its parent is out of the way",
  async () => {
    // A shell waits for its children; the program that it becomes does not.
    const child = "until grep -q sleep /proc/$PPID/comm; do :; done";
    const parent = spawn("sh", ["-c", `sh -c '${child}' & echo $!; exec sleep 60`], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const pid = String((await once(parent.stdout, "data"))[0]).trim();
      const stat = () =>
        readFileSync(`/proc/${pid}/stat`, "latin1")
          .replace(/^.*\) /s, "")
          .split(" ");
      await vi.waitFor(() => expect(stat()[0]).toBe("Z"));
      writeFileSync(token(), `${pid} ${stat()[19]}`);
      expect(take()).not.toBe("taken");
    } finally {
      parent.kill();
    }
  },
);

test("a blank file of a moment ago belongs to a client that is about to write into it", () => {
  writeFileSync(token(), "");
  expect(take()).toBe("taken");
});

test.each([
  ["a directory that is gone", () => rmSync(directory, { recursive: true })],
  [
    "a directory that is a file by now",
    () => {
      rmSync(directory, { recursive: true });
      writeFileSync(directory, "");
    },
  ],
] as const)("%s is an error at once, and not another process's start", (_what, make) => {
  make();
  expect(take).toThrow();
});

test.skipIf(process.getuid?.() === 0)(
  "so is a directory that may not be written (needs a user that is not root)",
  () => {
    chmodSync(directory, 0o500);
    expect(take).toThrow(/EACCES/);
  },
);

test("a daemon of no use is remembered for half a minute, under any change of the clock", () => {
  expect(isAvoided(directory)).toBe(false);
  expect(avoid(directory, "it hangs")).toBe(true);
  expect(isAvoided(directory)).toBe(true);
  expect(isAvoided(directory, Date.now() + 60_000)).toBe(false);
  avoid(directory, "it hangs");
  expect(isAvoided(directory, Date.now() - 60_000)).toBe(false);
  avoid(directory, "it hangs");
  forgive(directory);
  expect(isAvoided(directory)).toBe(false);
});

test("nothing that stands in the file's place is believed for longer", () => {
  mkdirSync(join(directory, "avoid"));
  expect(isAvoided(directory)).toBe(false);
  expect(existsSync(join(directory, "avoid"))).toBe(false);
});

describe("a start that failed", () => {
  test("is remembered for the same situation only, and not for long", () => {
    expect(hasFailedToStart(directory, "open files 64")).toBe(false);
    expect(rememberFailedStart(directory, "open files 64", "limited")).toBe(true);
    expect(hasFailedToStart(directory, "open files 64")).toBe(true);
    expect(hasFailedToStart(directory, "open files 1024")).toBe(false);
    expect(isAvoided(directory), "no other process avoids a daemon for it").toBe(false);
    expect(hasFailedToStart(directory, "open files 64", Date.now() + 60_000)).toBe(false);
  });

  test("leaves nothing behind of situations that are over", () => {
    const old = new Date(Date.now() - 60_000);
    for (const each of ["a", "b", "c"]) rememberFailedStart(directory, each, "limited");
    for (const name of readdirSync(directory)) utimesSync(join(directory, name), old, old);
    rememberFailedStart(directory, "d", "limited");
    expect(readdirSync(directory)).toHaveLength(1);
  });

  test.skipIf(!existsSync("/proc/self/limits"))("limits are part of the situation", () => {
    const print = `import { situation } from ${JSON.stringify(join(import.meta.dirname, "../../../cli/shim/failed-start.ts"))}; console.log(situation(process.env))`;
    const told = (limit: string) =>
      execFileSync("/bin/sh", ["-c", `${limit} exec "$0" --input-type=module -e "$1"`, process.execPath, print], {
        encoding: "utf8",
      });
    expect(told("")).toBe(told(""));
    expect(told("ulimit -n 100;")).not.toBe(told(""));
    expect(situation({ LD_PRELOAD: "/sandbox.so" })).not.toBe(situation({}));
  });
});
