/** Which reads are asked for with the caller's own token, and their output. */
import { expect, test } from "vitest";
import type { WorldFile } from "../../github-emulator/index.ts";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

/** The reader's account is `pool`: here it is the caller's own. */
const world: WorldFile = {
  ...project,
  users: [...(project.users ?? []), { login: "pool" }],
  repositories: [
    ...(project.repositories ?? []),
    { name: "pool/mine", private: true, pushed_at: "2026-01-03T00:00:00Z" },
    { name: "pool/shown", pushed_at: "2026-01-02T00:00:00Z" },
    { name: "bob/shared", private: true, pushed_at: "2026-01-04T00:00:00Z", collaborators: { pool: "write" } },
    { name: "bob/own", private: true, pushed_at: "2026-01-05T00:00:00Z" },
    {
      name: "bob/work",
      pushed_at: "2026-01-01T00:00:00Z",
      issues: [
        {
          number: 1,
          title: "Mine",
          author: "pool",
          comments: [
            { author: "pool", body: "I" },
            { author: "ada", body: "You" },
          ],
        },
        { number: 2, title: "For me", author: "ada", assignees: ["pool"], updated_at: "2026-01-07T00:00:00Z" },
      ],
    },
  ],
};

let bench: EngineBench;
fileHasBench(world, (opened) => {
  bench = opened;
});

const asked = () => bench.reader.requests.map(({ path, viewer }) => `${viewer === undefined ? "pool" : "own"} ${path}`);
const json = async (...args: string[]) => JSON.parse(printed(await bench.run(args)));

test("one's own repositories are all listed, private ones too", async () => {
  expect(await json("repo", "list", "--json", "name")).toEqual([{ name: "mine" }, { name: "shown" }]);
  expect(asked()).toEqual(["own /user", "own /user/repos"]);
});

test("another's repositories are those that the caller may see, in the order of their pushes", async () => {
  expect(await json("repo", "list", "bob", "--json", "name")).toEqual([{ name: "shared" }, { name: "work" }]);
});

test("public repositories stay the pool's", async () => {
  expect(await json("repo", "list", "bob", "--visibility", "public", "--json", "name")).toEqual([{ name: "work" }]);
  expect(asked()).toEqual(["pool /users/bob", "pool /users/bob/repos"]);
});

test("@me is the caller's login, and the list itself stays the pool's", async () => {
  expect(await json("issue", "list", "-R", "bob/work", "--assignee", "@me", "--json", "number")).toEqual([
    { number: 2 },
  ]);
  expect(asked()).toEqual(["own /user", "pool /repos/bob/work/issues"]);
});

test("a search text that names @me is searched for with the caller's own token", async () => {
  const found = await json("issue", "list", "-R", "bob/work", "-S", "author:@me", "--json", "number");
  expect(found).toEqual([{ number: 1 }]);
  expect(asked()).toEqual(["own /search/issues"]);
});

test("comments tell which the caller wrote", async () => {
  const { comments } = await json("issue", "view", "1", "-R", "bob/work", "--json", "comments");
  expect(comments).toMatchObject([
    { author: { login: "pool" }, viewerDidAuthor: true },
    { author: { login: "ada" }, viewerDidAuthor: false },
  ]);
  expect(asked()).toContain("own /repos/bob/work/issues/1/comments");
});

test("a repository read through the pool is not taken for the caller's own view of it", async () => {
  const line = ["repo", "view", "bob/shared", "--json", "viewerPermission,name"];
  expect(await json(...line)).toEqual({ name: "shared", viewerPermission: "WRITE" });
  expect(asked()).toEqual(["own /repos/bob/shared"]);
});

test("issue status has the issues that are assigned to, mention, and were written by the caller", async () => {
  expect(await json("issue", "status", "-R", "bob/work", "--json", "number")).toEqual({
    assigned: [{ number: 2 }],
    mentioned: [],
    createdBy: [{ number: 1 }],
  });
});

test("searches over more than one repository are the caller's own", async () => {
  await bench.run(["search", "repos", "shared"]);
  await bench.run(["search", "issues", "Mine"]);
  expect(asked()).toEqual(["own /search/repositories", "own /search/issues"]);
});
