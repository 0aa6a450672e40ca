/** Which reads `gh pr checks` can do without, and when it cannot. */
import { expect, test } from "vitest";
import type { GitHubReader, ReadAnswer, ReadRequest } from "../../../daemon/reader.ts";
import type { RunFile, WorldFile } from "../../github-emulator/index.ts";
import { type EngineBench, openBench } from "./support/reader.ts";
import { project } from "./support/world.ts";

function withRuns(runs: readonly Omit<RunFile, "pull">[], workflows: readonly string[]): WorldFile {
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
const asksForWorkflows = ({ reader }: EngineBench) => reader.requests.some(({ path }) => path.includes("/actions/"));

test("workflows are not asked for where the output is the same for any names of them", async () => {
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

/** A reader that was told of a query's answer. */
function told({ reader }: EngineBench, isHere = false) {
  const asked: ReadRequest[] = [];
  const said = new Map<string, ReadAnswer>();
  const queried: GitHubReader = {
    held: (request) => said.get(request.path),
    isHere: () => isHere,
    read: async (request) => {
      const answer = await reader.read(request);
      said.set(request.graphql?.read.key ?? request.path, answer);
      return answer;
    },
    recent: async (request) => {
      asked.push(request);
      return said.get(request.graphql?.read.key ?? "");
    },
  };
  return { asked, dependencies: { reader: queried } };
}

const gate = ["pr", "view", "7", "-R", "octo/hello", "--json", "statusCheckRollup,state,reviewDecision"];

test("checks that are not green, as a query gave them, are printed within their lifetime without a read", async () => {
  await using bench = await openBench(withRuns([run("CI", [job("build", 1), job("test", 2, "failure")])], ["CI"]));
  const { asked, ...surroundings } = told(bench);
  const plain = await bench.run(line);
  await bench.run(gate, surroundings);
  bench.reader.requests.length = 0;
  expect(await bench.run(line, surroundings)).toEqual(plain);
  expect(bench.reader.requests).toEqual([]);
  expect(asked).toMatchObject([{ path: "/graphql", maxAge: 15 }]);
});

test("green is not said from it: GitHub is asked", async () => {
  await using bench = await openBench(project);
  const { asked, ...surroundings } = told(bench);
  await bench.run(gate, surroundings);
  bench.reader.requests.length = 0;
  expect(await bench.run(line, surroundings)).toMatchObject({ kind: "done", exitCode: 0 });
  expect(bench.reader.requests.length).toBeGreaterThan(0);
  expect(asked).toHaveLength(1);
});

test.each([
  ["this machine has the checks itself", {}, true],
  ["OCTOPOOL_FRESH asks GitHub for everything", { OCTOPOOL_FRESH: "1" }, false],
])("it is not looked for where %s", async (_why, env, isHere) => {
  await using bench = await openBench(withRuns([run("CI", [job("build", 1)])], ["CI"]));
  const { asked, ...surroundings } = told(bench, isHere);
  await bench.run(line, surroundings);
  asked.length = 0;
  expect(await bench.run(line, { ...surroundings, env })).toMatchObject({ kind: "done", exitCode: 8 });
  expect(asked).toEqual([]);
});
