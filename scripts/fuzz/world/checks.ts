/** Random checks, statuses and runs of workflows. */
import { conclusion, type PullFile, type RunFile } from "../../../test/github-emulator/index.ts";
import type { Draw } from "./draw.ts";

type CheckFile = NonNullable<PullFile["checks"]>[number];
type StatusFile = NonNullable<PullFile["statuses"]>[number];

const statuses = ["queued", "in_progress", "waiting", "pending"] as const;

export function check(draw: Draw): CheckFile {
  const { random } = draw;
  const name = random.pick(["build", "build", "lint", "a very long name of a check", "é ü"]);
  if (random.chance(0.3)) return { name, status: random.pick(statuses), started_at: draw.maybe(0.5, () => draw.at()) };
  return {
    name,
    status: "completed",
    conclusion: random.pick(conclusion.options),
    started_at: draw.at(),
    completed_at: draw.maybe(0.8, () => draw.at()),
    details_url: random.pick([null, "https://ci.example/1", ""]),
  };
}

export function status(draw: Draw): StatusFile {
  const { random } = draw;
  return {
    context: random.pick(["ci/one", "ci/two", "build", ""]),
    state: random.pick(["success", "failure", "error", "pending"] as const),
    description: random.pick([null, "", "It went well"]),
    target_url: random.pick([null, "", "https://ci.example/2"]),
    created_at: draw.at(),
  };
}

export function run(draw: Draw, pulls: readonly PullFile[], workflows: readonly string[]): RunFile {
  const { random } = draw;
  const ending = () =>
    random.chance(0.25)
      ? { status: random.pick(statuses) }
      : { status: "completed" as const, conclusion: random.pick(conclusion.options) };
  const job = () => ({
    name: random.pick(["build", "test (ubuntu, 20)", "lint", "日本"]),
    ...ending(),
    started_at: draw.at(),
    completed_at: draw.maybe(0.7, () => draw.at()),
    steps: draw.subset(["Set up job", "Run tests", "Post"], 3),
    annotations: draw.some(1, () => ({
      path: "a.txt",
      start_line: 3,
      level: random.pick(["notice", "warning", "failure"] as const),
      message: draw.title(),
    })),
  });
  const pull = pulls.length > 0 ? draw.maybe(0.4, () => 101 + random.below(pulls.length)) : undefined;
  return {
    workflow: random.pick(workflows),
    title: draw.maybe(0.5, () => draw.title()),
    ...(pull === undefined
      ? { event: random.pick(["push", "schedule", "workflow_dispatch"]), branch: random.pick(["main", "x/y#z"]) }
      : { pull }),
    ...ending(),
    actor: draw.author(),
    created_at: draw.at(),
    run_started_at: draw.maybe(0.5, () => draw.at()),
    jobs: draw.some(3, job),
    artifacts: draw.some(1, () => ({ name: "dist", expired: random.chance(0.3) })),
  };
}
