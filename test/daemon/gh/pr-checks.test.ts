/** Which reads `gh pr checks` can do without, and when it cannot. */
import { expect, test } from "vitest";
import type { WorldFile } from "../../github-emulator/index.ts";
import { type Bench, openBench } from "./support/reader.ts";
import { project } from "./support/world.ts";

type RunOfWorld = NonNullable<NonNullable<WorldFile["repositories"]>[number]["runs"]>[number];

function withRuns(runs: readonly Omit<RunOfWorld, "pull">[], workflows: readonly string[]): WorldFile {
  const repositories = (project.repositories ?? []).map((repository) =>
    repository.name === "octo/hello"
      ? {
          ...repository,
          workflows: workflows.map((name) => ({ name })),
          runs: runs.map((run) => ({ pull: 7, ...run })),
        }
      : repository,
  );
  return { ...project, repositories };
}

const at = (second: number) => `2026-05-01T10:00:${String(second).padStart(2, "0")}Z`;
const job = (name: string, started: number, conclusion?: "failure") => ({
  name,
  started_at: at(started),
  status: conclusion ? ("completed" as const) : ("in_progress" as const),
  ...(conclusion && { conclusion, completed_at: at(started + 5) }),
});
const run = (workflow: string, jobs: readonly ReturnType<typeof job>[]) => ({
  workflow,
  status: "in_progress" as const,
  jobs: [...jobs],
});

const line = ["pr", "checks", "7", "-R", "octo/hello"];
const asksForWorkflows = ({ reader }: Bench) => reader.requests.some(({ path }) => path.includes("/actions/"));

test("workflows are not asked for where what is printed is the same whatever they are called", async () => {
  await using bench = await openBench(
    withRuns([run("CI", [job("build", 1), job("test", 2, "failure")]), run("Lint", [job("lint", 3)])], ["CI", "Lint"]),
  );
  expect(await bench.run(line)).toMatchObject({ kind: "done", exitCode: 1 });
  expect(asksForWorkflows(bench)).toBe(false);
});

test("they are where two checks have one name: gh tells these apart by their workflow", async () => {
  await using bench = await openBench(
    withRuns([run("CI", [job("build", 1)]), run("Lint", [job("build", 2)])], ["CI", "Lint"]),
  );
  const outcome = await bench.run(line);
  expect(String(Object(outcome).stdout).match(/^build\t/gm)).toHaveLength(2);
  expect(asksForWorkflows(bench)).toBe(true);
});

test.each([
  ["names them", "name,workflow", true],
  ["names none", "name,bucket", false],
])("they are where the output %s", async (_what, fields, asked) => {
  await using bench = await openBench(withRuns([run("CI", [job("build", 1)])], ["CI"]));
  const outcome = await bench.run([...line, "--json", fields], { ghVersion: "2.63.0" });
  expect(outcome).toMatchObject({ kind: "done" });
  expect(asksForWorkflows(bench)).toBe(asked);
});
