/** Lists of a repository by its former name: GitHub redirects them, but gh's search finds nothing under that name. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHubReader } from "../../../daemon/reader.ts";
import { type EngineBench, openBench } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
beforeAll(async () => {
  bench = await openBench(project);
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Follows GitHub's redirect of the former name, as the reader of the caller's own token does. */
const reader: Pick<GitHubReader, "read" | "held"> = {
  held: () => undefined,
  read: (request) =>
    bench.reader.read({ ...request, path: request.path.replace(/^\/repos\/octo\/former/, "/repos/octo/hello") }),
};
const run = (line: string, repository: string) =>
  bench.run([...line.split(" "), "-R", repository], { dependencies: { reader } });

test.each([
  "issue list -s all -l bug",
  "issue list -s all -m v1",
  "pr list -s all -A ada",
  "pr list -s all -l bug",
  "pr list --draft=false",
])("%s is left to gh under a former name, and answered under the present one", async (line) => {
  const present = await run(line, "octo/hello");
  expect(present.kind === "done" ? String(present.stdout) : present.reason).toMatch(/^\d+\t/);
  expect(await run(line, "octo/former")).toEqual({ kind: "native", reason: "a search in a renamed repository" });
  expect((await run(line, "OCTO/Hello")).kind).toBe("done");
});

test("a list that needs no search is the same under both names", async () => {
  for (const line of ["issue list -s all --json number", "pr list -s all --json number"])
    expect(await run(line, "octo/former")).toEqual(await run(line, "octo/hello"));
});
