import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markWrite } from "../../../cli/shim/mark-write.ts";
import { MarkWatch } from "../../../daemon/freshness/marks.ts";
import { WriteMemory } from "../../../daemon/freshness/memory.ts";

let directory: string;
let time: number;
let memory: WriteMemory;
let watch: MarkWatch;
let writer: ChildProcess;

const now = () => time;
const marks = () => join(directory, "written");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "octopool-marks-"));
  time = Date.now();
  memory = new WriteMemory(now);
  watch = new MarkWatch({ directory: marks(), memory, now });
  // A process that stands for the real gh while it writes.
  writer = spawn("sleep", ["600"]);
});
afterEach(() => {
  writer.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

function write(args: readonly string[], { pid = writer.pid ?? 0, cwd = "/", env = {} } = {}): void {
  markWrite({
    uid: process.getuid?.() ?? 0,
    platform: "linux",
    pid,
    args,
    cwd,
    env: { OCTOPOOL_RUNTIME_DIR: directory, ...env },
  });
}

async function end(): Promise<void> {
  writer.kill("SIGKILL");
  await once(writer, "exit");
}

test("a write in progress marks its repository with every look", () => {
  watch.look();
  write(["pr", "merge", "7", "-R", "Acme/Widgets"]);
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(time);
  time += 10_000;
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(time);
  expect(memory.writtenAt("acme/other")).toBe(0);
});

test.each([
  [["issue", "close", "7", "-R", "git.example.org/Acme/Widgets"]],
  [["issue", "close", "7", "--repo=https://git.example.org/Acme/Widgets"]],
  [["api", "-XPATCH", "repos/Acme/Widgets/issues/7", "--hostname", "git.example.org"]],
])("a write on another host marks nothing of github.com: %j", (args) => {
  write(args);
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(0);
  expect(memory.writtenAt(undefined)).toBe(0);
  expect(memory.latest).toBe(time);
});

test("its end is the last mark, and the file is gone", async () => {
  write(["pr", "merge", "7", "-R", "acme/widgets"]);
  watch.look();
  await end();
  time += 5_000;
  watch.look();
  const ended = time;
  time += 5_000;
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(ended);
  expect(readdirSync(marks())).toEqual([]);
});

// As another container's mark would be named; its id may be any process's here.
test.each([4194301, process.pid])(
  "a write of a process that cannot be seen from here counts for five minutes (%s)",
  (pid) => {
    mkdirSync(marks(), { recursive: true });
    writeFileSync(join(marks(), `${pid}-999999999`), "/\0\0acme/widgets");
    const began = time;
    for (const after of [0, 60_000, 4 * 60_000]) {
      time = began + after;
      watch.look();
      expect(memory.writtenAt("acme/widgets")).toBe(time);
    }
    time = began + 6 * 60_000;
    watch.look();
    expect(readdirSync(marks())).toEqual([]);
    const ended = memory.writtenAt("acme/widgets");
    time += 60_000;
    watch.look();
    expect(memory.writtenAt("acme/widgets")).toBe(ended);
  },
);

test("two processes of one id in two containers leave two marks", () => {
  write(["pr", "merge", "7", "-R", "acme/widgets"], { pid: 7 });
  const [own = ""] = readdirSync(marks());
  expect(own).toMatch(/^7-\d+$/);
  writeFileSync(join(marks(), "7-999999999"), "/\0\0acme/other");
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(time);
  expect(memory.writtenAt("acme/other")).toBe(time);
});

test("a write that began and ended between two looks is not missed", async () => {
  watch.look();
  write(["issue", "close", "https://github.com/acme/widgets/issues/3"]);
  await end();
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(time);
});

test("a write while no daemon ran counts when one starts, unless it is long over", async () => {
  write(["pr", "close", "7", "-R", "acme/widgets"]);
  await end();
  const file = join(marks(), readdirSync(marks())[0] ?? "none");
  utimesSync(file, time / 1000 - 600, time / 1000 - 600);
  watch.look();
  expect(memory.writtenAt("acme/widgets")).toBe(time);
  write(["pr", "close", "7", "-R", "acme/old"]);
  utimesSync(file, time / 1000 - 3600, time / 1000 - 3600);
  watch.look();
  expect(memory.writtenAt("acme/old")).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test("another write under the same process id is another write", () => {
  write(["pr", "close", "7", "-R", "acme/first"]);
  watch.look();
  write(["pr", "close", "7", "-R", "acme/second-one"]);
  watch.look();
  watch.look();
  expect(memory.writtenAt("acme/second-one")).toBe(time);
});

test("a process for one command leaves the marks to the next one", async () => {
  write(["pr", "close", "7", "-R", "acme/widgets"]);
  await end();
  new MarkWatch({ directory: marks(), memory, now, onlyLook: true }).look();
  expect(memory.writtenAt("acme/widgets")).toBeGreaterThan(0);
  expect(readdirSync(marks())).toHaveLength(1);
});

test("a file that is no mark is left alone", () => {
  mkdirSync(marks(), { recursive: true });
  writeFileSync(join(marks(), "notes.txt"), "");
  watch.look();
  expect(readdirSync(marks())).toEqual(["notes.txt"]);
});

test.each([
  [["pr", "merge", "https://github.com/Acme/Widgets/pull/7"], ["acme/widgets"]],
  [["pr", "merge", "7", "--repo=acme/widgets"], ["acme/widgets"]],
  [["pr", "merge", "7", "-Racme/widgets"], ["acme/widgets"]],
  [["pr", "merge", "7", "-R", "github.com/acme/widgets"], ["acme/widgets"]],
  [["repo", "rename", "new", "-R", "acme/widgets"], ["acme/widgets"]],
  [
    ["issue", "transfer", "3", "acme/other", "-R", "acme/widgets"],
    ["acme/other", "acme/widgets"],
  ],
  [["-R", "acme/widgets", "run", "rerun", "5"], ["acme/widgets"]],
  [["-Racme/widgets", "run", "rerun", "5"], ["acme/widgets"]],
  [["--repo=acme/widgets", "issue", "close", "1"], ["acme/widgets"]],
  [["pr", "--repo", "acme/widgets", "merge", "7"], ["acme/widgets"]],
  [["-R", "acme/widgets", "some-extension"], []],
  [["api", "-X", "PATCH", "repos/acme/widgets/pulls/7"], ["acme/widgets"]],
  [["api", "graphql", "-f", "query=mutation {}"], []],
  [["api", "-X", "PUT", "user/starred/acme/widgets"], []],
  [["some-extension"], []],
] as const)("%j concerns %j (nothing named: everything)", (args, repositories) => {
  write(args);
  watch.look();
  const marked = ["acme/other", "acme/widgets", "acme/unnamed"].filter((each) => memory.writtenAt(each) === time);
  expect(marked).toEqual(repositories.length > 0 ? repositories : ["acme/other", "acme/widgets", "acme/unnamed"]);
});

test("GH_REPO is a place; bodies and other values, which may be secrets, are never written, an address with a password makes it everything", () => {
  const args = ["secret", "set", "NAME", "--body", "abc/def", "-b=x/y", "https://user:pass@github.com/a/b"];
  write(args, { cwd: "/src", env: { GH_REPO: "o/r" } });
  const [mark = ""] = readdirSync(marks());
  expect(readFileSync(join(marks(), mark), "utf8").split("\0")).toEqual(["/src", "o/r", "*"]);
});
