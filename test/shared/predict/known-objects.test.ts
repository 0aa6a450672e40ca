import { expect, test } from "vitest";
import { KnownObjects } from "../../../shared/predict/known-objects.ts";

const api = "https://api.github.com/repos/acme/widgets";
const job = (status: string, extra = {}) => ({
  id: 9,
  url: `${api}/actions/jobs/9`,
  check_run_url: `${api}/check-runs/9`,
  status,
  conclusion: status === "completed" ? "success" : null,
  started_at: "2026-03-01T12:00:00Z",
  completed_at: status === "completed" ? "2026-03-01T12:01:00Z" : null,
  ...extra,
});
const check = (status: string, extra = {}) => {
  const { conclusion, started_at, completed_at } = job(status);
  const url = `${api}/check-runs/9`;
  return { id: 9, url, status, conclusion, started_at, completed_at, output: { title: null }, ...extra };
};
const queried = (status: string, conclusion: string | null) => ({
  __typename: "CheckRun",
  status,
  conclusion,
  startedAt: "2026-03-01T12:00:00Z",
  completedAt: conclusion && "2026-03-01T12:01:00Z",
  detailsUrl: "https://github.com/acme/widgets/actions/runs/5/job/9",
});
const run = (status: string) => ({ id: 5, url: `${api}/actions/runs/5`, status, actor: { url: "of an account" } });
const pull = (title: string) => ({ number: 7, url: `${api}/pulls/7`, title });

test.each([
  [
    "a run's jobs tell its checks",
    { jobs: [job("completed")] },
    { check_runs: [check("queued")] },
    { check_runs: [check("completed")] },
  ],
  ["one job tells its check", job("completed"), check("in_progress"), check("completed")],
  ["a run's jobs tell one of them", { jobs: [job("completed")] }, job("queued"), job("completed")],
  [
    "a run tells the lists that hold it",
    run("completed"),
    { workflow_runs: [run("queued")] },
    { workflow_runs: [run("completed")] },
  ],
  ["a list of runs tells each", { workflow_runs: [run("completed")] }, run("queued"), run("completed")],
  [
    "a query tells the check runs of Actions",
    {
      data: {
        nodes: [queried("COMPLETED", "SUCCESS"), { ...queried("QUEUED", null), detailsUrl: "https://ci.example" }],
      },
    },
    { check_runs: [check("in_progress")] },
    { check_runs: [check("completed")] },
  ],
  ["a pull request tells its list", { ...pull("New"), merged: false }, [pull("Old")], [pull("New")]],
])("%s", (_rule, told, held, now) => {
  const known = new KnownObjects();
  known.learn(told, 2_000);
  expect(known.predict(JSON.stringify(held), 1_000)).toBe(JSON.stringify(now));
});

test("parts of an object add up, the newest of each field", () => {
  const known = new KnownObjects();
  known.learn({ check_runs: [check("in_progress", { name: "build" })] }, 2_000);
  known.learn({ jobs: [job("completed")] }, 3_000);
  const held = { check_runs: [check("queued", { name: "old name" })] };
  expect(known.predict(JSON.stringify(held), 1_000)).toBe(
    JSON.stringify({ check_runs: [check("completed", { name: "build" })] }),
  );
});

test.each([
  ["was confirmed since", { since: 2_000 }],
  ["says the same", { told: [pull("Old")] }],
  ["holds another object", { told: { ...pull("New"), url: `${api}/pulls/8` } }],
  ["is spelled as we would not spell it", { text: `[ ${JSON.stringify(pull("Old"))}]` }],
  ["has a number that we cannot keep", { text: JSON.stringify([pull("Old")]).replace("7,", "9007199254740993,") }],
  ["is no JSON", { text: "diff --git" }],
])(
  "nothing is predicted of a body that %s",
  (_case, {
    told = pull("New"),
    text = JSON.stringify([pull("Old")]),
    since = 1_000,
  }: { told?: unknown; text?: string; since?: number }) => {
    const known = new KnownObjects();
    known.learn(told, 2_000);
    expect(known.predict(text, since)).toBeUndefined();
  },
);

test("an older answer that comes later changes nothing", () => {
  const known = new KnownObjects();
  known.learn(pull("Newest"), 3_000);
  known.learn(pull("New"), 2_000);
  expect(known.predict(JSON.stringify([pull("Old")]), 1_000)).toBe(JSON.stringify([pull("Newest")]));
});

test("short lists are told, and fields of nested objects that have no address of their own", () => {
  const known = new KnownObjects();
  const labels = [{ name: "bug" }];
  known.learn({ ...pull("New"), labels, head: { sha: "new", user: { url: `${api}/users/ada` } }, merged: true }, 2_000);
  const held = [{ ...pull("Old"), labels: [], head: { sha: "old", user: { url: `${api}/users/bob` } } }];
  expect(known.predict(JSON.stringify(held), 1_000)).toBe(
    JSON.stringify([{ ...pull("New"), labels, head: { sha: "new", user: { url: `${api}/users/bob` } } }]),
  );
});

test("an object that is nested in another one is told as well", () => {
  const known = new KnownObjects();
  const within = (issues: number) => ({ repo: { url: api, open_issues_count: issues } });
  known.learn({ url: `${api}/pulls/8`, head: within(2) }, 2_000);
  expect(known.predict(JSON.stringify([{ ...pull("Old"), head: within(1) }]), 1_000)).toBe(
    JSON.stringify([{ ...pull("Old"), head: within(2) }]),
  );
});

test("long texts and lists are not remembered", () => {
  const known = new KnownObjects();
  known.learn({ ...pull("New"), body: "x".repeat(1_001), labels: [{ name: "x".repeat(1_001) }] }, 2_000);
  const held = { ...pull("Old"), body: "short", labels: [] };
  expect(known.predict(JSON.stringify(held), 1_000)).toBe(JSON.stringify({ ...held, title: "New" }));
});
