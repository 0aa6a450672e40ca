import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WriteMemory } from "../../../daemon/freshness/memory.ts";
import { RefWatch } from "../../../daemon/freshness/refs.ts";

let root: string;
let work: string;
/** Seconds that the machine's clock is ahead: an event is then long ago, without waiting. */
let ahead: number;
let memory: WriteMemory;
let watch: RefWatch;

const now = () => Date.now() + ahead * 1000;

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env.PATH, HOME: root },
  });
}

function commit(cwd: string, text: string): void {
  writeFileSync(join(cwd, "file"), text);
  git(cwd, "add", ".");
  git(cwd, "commit", "-m", text);
}

/** Origin is a directory for git and github.com for the world: only pushes go to the directory. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "octopool-refs-"));
  git(root, "init", "--bare", "-b", "main", "remote.git");
  work = join(root, "work");
  git(root, "clone", "remote.git", "work");
  git(work, "config", `url.${join(root, "remote.git")}.insteadOf`, "https://github.com/Acme/Widgets.git");
  git(work, "remote", "set-url", "origin", "https://github.com/Acme/Widgets.git");
  commit(work, "one");
  git(work, "push", "-u", "origin", "HEAD:main");
  ahead = 4 * 3600;
  memory = new WriteMemory(now);
  watch = new RefWatch(memory, now);
  watch.look(work);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const isMarked = (repository = "acme/widgets") => memory.writtenAt(repository) > 0;

test("an old push is no news", () => {
  watch.look(work);
  expect(isMarked()).toBe(false);
});

test("a push is noticed", () => {
  commit(work, "two");
  watch.look(work);
  expect(isMarked()).toBe(false);
  git(work, "push", "origin", "HEAD:main");
  watch.look(work);
  expect(isMarked()).toBe(true);
  expect(isMarked("acme/other")).toBe(false);
});

test("a clone of a directory, however young, and a push to it, say nothing of GitHub", () => {
  ahead = 0;
  git(root, "clone", "remote.git", "local");
  const local = join(root, "local");
  watch.look(local);
  commit(local, "two");
  git(local, "push", "origin", "HEAD:main");
  watch.look(local);
  expect(isMarked()).toBe(false);
});

test("a checkout without remotes says nothing of GitHub", () => {
  ahead = 0;
  git(root, "init", "-b", "main", "alone");
  commit(join(root, "alone"), "one");
  git(join(root, "alone"), "pack-refs", "--all");
  watch.look(join(root, "alone"));
  expect(isMarked()).toBe(false);
});

test.each([
  ["remote.origin.url", "https://git.example.org/acme/widgets.git"],
  ["remote.origin.pushurl", "gh:acme/widgets"],
  ["url.https://github.com/.insteadOf", "/srv/"],
  ["include.path", "more"],
])("a young clone whose %s leads elsewhere may concern everything", (name, value) => {
  ahead = 0;
  git(root, "clone", "remote.git", "doubtful");
  git(join(root, "doubtful"), "config", name, value);
  watch.look(join(root, "doubtful"));
  expect(isMarked()).toBe(true);
});

test("a push of a new branch with slashes is noticed", () => {
  git(work, "push", "origin", "HEAD:refs/heads/a/b/c");
  watch.look(work);
  expect(isMarked()).toBe(true);
});

test("a push where refs are packed is noticed, and one that deletes a packed ref", () => {
  git(work, "push", "origin", "HEAD:gone");
  git(work, "pack-refs", "--all");
  watch.look(work);
  ahead += 4 * 3600;
  watch.look(work);
  expect(isMarked()).toBe(false);
  git(work, "push", "origin", ":gone");
  watch.look(work);
  expect(isMarked()).toBe(true);
});

test("a fetch is noticed", () => {
  git(root, "clone", "remote.git", "other");
  commit(join(root, "other"), "theirs");
  git(join(root, "other"), "push", "origin", "HEAD:main");
  watch.look(work);
  expect(isMarked()).toBe(false);
  git(work, "fetch", "origin");
  watch.look(work);
  expect(isMarked()).toBe(true);
});

test("it is noticed from a subdirectory, a linked worktree, and through GIT_DIR", () => {
  mkdirSync(join(work, "deep/er"), { recursive: true });
  git(work, "worktree", "add", join(root, "tree"), "-b", "topic");
  for (const [cwd, gitDir] of [[join(work, "deep/er")], [join(root, "tree")], [root, join(work, ".git")]] as const) {
    const fresh = new WriteMemory(now);
    const other = new RefWatch(fresh, now);
    other.look(cwd, gitDir);
    expect(fresh.writtenAt("acme/widgets")).toBe(0);
    git(work, "push", "origin", `HEAD:refs/heads/from-${Math.random().toString(36).slice(2)}`);
    other.look(cwd, gitDir);
    expect(fresh.writtenAt("acme/widgets")).toBeGreaterThan(0);
  }
});

test("a push shortly before the first look counts", () => {
  ahead = 0;
  const fresh = new WriteMemory(now);
  git(work, "push", "origin", "HEAD:recent");
  new RefWatch(fresh, now).look(work);
  expect(fresh.writtenAt("acme/widgets")).toBeGreaterThan(0);
});

test("a remote that cannot be told without git means that anything may have been written", () => {
  git(work, "remote", "add", "mirror", "my-alias:whatever");
  git(work, "push", "origin", "HEAD:more");
  watch.look(work);
  expect(isMarked("any/thing")).toBe(true);
});

test("outside of a repository there is nothing to notice", () => {
  watch.look(tmpdir());
  watch.look("/nowhere/at/all");
  expect(isMarked("any/thing")).toBe(false);
});
