/** `gh release view TAG` where the tag may be a draft's, which users with push access see. */
import { expect, test } from "vitest";
import type { ReadRequest } from "../../../daemon/reader.ts";
import type { WorldFile } from "../../github-emulator/index.ts";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
/** The reader's account is `pool`. */
const world: WorldFile = {
  users: [{ login: "pool" }],
  repositories: [
    {
      name: "pool/few",
      private: true,
      releases: [
        { tag: "v1", created_at: day(1) },
        { tag: "v2", draft: true, name: "Two", body: "Soon.", created_at: day(2) },
        { tag: "v3", draft: true, name: "First three", created_at: day(3) },
        { tag: "v3", draft: true, name: "Second three", created_at: day(4) },
      ],
    },
    {
      name: "pool/many",
      private: true,
      releases: Array.from({ length: 31 }, (_, index) => ({
        tag: `v${index}`,
        draft: index < 2,
        created_at: day(index),
      })),
    },
  ],
};

let bench: EngineBench;
fileHasBench(world, (opened) => {
  bench = opened;
});

const asked = () => bench.reader.requests.map(({ path }) => path.replace(/^\/repos\/pool\/\w+\//, ""));
const view = (tag: string, repository = "pool/few") => bench.run(["release", "view", tag, "-R", repository]);

test("a draft is found in the list of releases, and has no line for its publication", async () => {
  const output = printed(await view("v2"));
  expect(output).toMatch(/^title:\tTwo\ntag:\tv2\ndraft:\ttrue\n/);
  expect(output).not.toContain("published:");
  expect(asked()).toEqual(["releases/tags/v2", "releases"]);
});

test("a tag that neither a release nor a draft has is not found, without a query", async () => {
  expect(await view("v9")).toMatchObject({ kind: "done", stderr: "release not found\n", exitCode: 1 });
  expect(asked()).toEqual(["releases/tags/v9", "releases"]);
});

test.each([
  ["two drafts have the tag", "v3", "pool/few"],
  ["the list goes on", "v0", "pool/many"],
  ["there is no such repository", "v1", "pool/none"],
])("gh's own query decides where %s", async (_, tag, repository) => {
  await view(tag, repository);
  expect(asked()).toContain("/graphql");
});

/** A reader that recalls its last answers. */
function recalling() {
  const answers = new Map<string, Awaited<ReturnType<typeof bench.reader.read>>>();
  const reader = {
    read: async (request: ReadRequest) => {
      const answer = await bench.reader.read(request);
      answers.set(request.path, answer);
      return answer;
    },
    recall: async ({ path }: ReadRequest) => answers.get(path),
  };
  return async (tag: string) => {
    bench.reader.requests.length = 0;
    return bench.run(["release", "view", tag, "-R", "pool/few"], { dependencies: { reader } });
  };
}

test("that a tag has neither is seen in the list at the second look", async () => {
  const look = recalling();
  const first = await look("v9");
  expect(first).toMatchObject({ kind: "done", stderr: "release not found\n", exitCode: 1 });
  expect(await look("v9")).toEqual(first);
  expect(asked()).toEqual(["releases"]);
});

test("a draft that was seen in the list is looked for there first, and not shown once it is published", async () => {
  const look = recalling();
  const first = printed(await look("v2"));
  expect(printed(await look("v2"))).toBe(first);
  expect(asked()).toEqual(["releases"]);

  bench.github.mutate((now) => {
    const release = now.repositories.get("pool/few")?.releases.find(({ tag }) => tag === "v2");
    if (release) Object.assign(release, { draft: false, published_at: "2026-05-01T00:00:00Z" });
  });
  expect(printed(await look("v2"))).toContain("draft:\tfalse\nprerelease:\tfalse\nauthor:\tpool\n");
  expect(asked()).toEqual(["releases", "releases/tags/v2"]);
});
