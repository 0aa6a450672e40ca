import { conclusion, type PullFile, type RunFile, type WorldFile } from "../../github-emulator/index.ts";

const openStates = ["queued", "in_progress", "waiting", "requested", "pending"] as const;
const events = ["push", "pull_request", "schedule", "workflow_dispatch", "release"] as const;
const patch = "@@ -1 +1 @@\n-a\n+b";

const every: RunFile[] = [
  ...conclusion.options.map(
    (conclusion, index): RunFile => ({
      workflow: "CI",
      conclusion,
      event: events[index % events.length] ?? "push",
      branch: index % 3 === 0 ? "main" : `topic-${index}`,
      title: `Ended: ${conclusion}`,
      actor: ["alice", "bob", "dependabot[bot]"][index % 3] ?? "alice",
      jobs: [{ name: "build", conclusion, steps: ["Set up job", "Run tests"] }],
    }),
  ),
  ...openStates.map(
    (status): RunFile => ({
      workflow: "CI",
      status,
      branch: "main",
      title: `Still ${status}`,
      jobs: [{ name: "build", status }],
    }),
  ),
];

const special: RunFile[] = [
  {
    id: 9001,
    workflow: "Deploy",
    name: "Deploy to production by @alice",
    title: "Deploy to production by @alice",
    event: "workflow_dispatch",
    branch: "main",
    conclusion: "failure",
    previous_attempts: [
      { conclusion: "failure", jobs: [{ name: "deploy", conclusion: "failure", steps: ["Set up job"] }] },
      { conclusion: "cancelled", jobs: [{ name: "deploy", conclusion: "cancelled" }] },
    ],
    jobs: [
      { id: 9101, name: "prepare", conclusion: "success", steps: ["Set up job", "Check out", "Complete job"] },
      {
        id: 9102,
        name: "deploy",
        conclusion: "failure",
        steps: [
          { name: "Set up job", conclusion: "success" },
          { name: "Push 🚀", conclusion: "failure" },
          { name: "Roll back", conclusion: "skipped" },
        ],
        annotations: [
          { path: ".github", start_line: 12, level: "failure", message: "Process completed with exit code 1." },
          { path: "src/a.ts", start_line: 3, level: "warning", message: "Unused variable" },
          { path: "src/a.ts", start_line: 4, level: "notice", message: "A note" },
        ],
      },
      { id: 9103, name: "announce", conclusion: "skipped" },
    ],
    artifacts: [
      { name: "logs", size: 2048 },
      { name: "old", expired: true },
    ],
  },
  {
    id: 9002,
    workflow: "CI",
    title: "Matrix of 120",
    branch: "main",
    jobs: Array.from({ length: 120 }, (_, index) => ({
      name: `test (${["ubuntu", "macos", "windows"][index % 3]}, ${index})`,
      conclusion: index === 77 ? ("failure" as const) : ("success" as const),
    })),
  },
  { id: 9003, workflow: "CI", title: "No jobs", branch: "main", conclusion: "startup_failure" },
  {
    id: 9004,
    workflow: "CI",
    title: "One job still runs",
    branch: "main",
    status: "in_progress",
    jobs: [
      { id: 9401, name: "done", conclusion: "success", steps: ["a"] },
      {
        id: 9402,
        name: "running",
        status: "in_progress",
        steps: [
          { name: "a", conclusion: "success" },
          { name: "b", status: "in_progress" },
        ],
      },
    ],
  },
  {
    id: 9005,
    workflow: "CI",
    title: "Ünïcode run 🎉",
    branch: "ünïcode",
    conclusion: "success",
    jobs: [{ name: "job with a / slash & <tag>", conclusion: "success", steps: ["x"] }],
  },
  {
    id: 9006,
    workflow: "Old",
    title: "Of a deleted workflow",
    branch: "main",
    conclusion: "success",
    jobs: [{ name: "j" }],
  },
  {
    id: 9007,
    workflow: ".github/workflows/unnamed.yml",
    title: "Of a workflow without a name",
    branch: null,
    conclusion: "success",
    jobs: [{ name: "j" }],
  },
];

const pulls: PullFile[] = [
  {
    number: 1,
    title: "All green",
    author: "alice",
    head: "green",
    files: [{ path: "a", patch }],
    checks: [{ name: "lint" }, { name: "cla" }],
    statuses: [
      { context: "ci/legacy", state: "success", target_url: "https://ci.example.com/1", description: "Passed" },
    ],
  },
  {
    number: 2,
    title: "Every conclusion",
    author: "bob",
    head: "every",
    files: [{ path: "b", patch }],
    checks: conclusion.options.map((conclusion) => ({ name: `check ${conclusion}`, conclusion })),
  },
  {
    number: 3,
    title: "Every open state",
    author: "bob",
    head: "open-states",
    files: [{ path: "c", patch }],
    checks: openStates.map((status) => ({ name: `check ${status}`, status })),
  },
  {
    number: 4,
    title: "Statuses only",
    author: "bob",
    head: "statuses",
    files: [{ path: "d", patch }],
    statuses: [
      { context: "a/success", state: "success", target_url: "https://ci.example.com/a" },
      { context: "b/failure", state: "failure", description: "It failed" },
      { context: "c/error", state: "error", target_url: null },
      { context: "d/pending", state: "pending" },
    ],
  },
  { number: 5, title: "No checks at all", author: "alice", head: "none", files: [{ path: "e", patch }] },
  { number: 6, title: "Checks of runs", author: "alice", head: "runs", files: [{ path: "f", patch }] },
  {
    number: 7,
    title: "One name twice",
    author: "alice",
    head: "twice",
    files: [{ path: "g", patch }],
    checks: [
      {
        name: "same",
        app: "ci-one",
        conclusion: "failure",
        started_at: "2026-05-01T10:00:00Z",
        completed_at: "2026-05-01T10:01:00Z",
      },
      {
        name: "same",
        app: "ci-two",
        conclusion: "success",
        started_at: "2026-05-01T11:00:00Z",
        completed_at: "2026-05-01T11:02:03Z",
      },
    ],
  },
  {
    number: 8,
    title: "Status twice",
    author: "alice",
    head: "status-twice",
    files: [{ path: "h", patch }],
    statuses: [
      { context: "ci", state: "pending", created_at: "2026-05-01T10:00:00Z" },
      { context: "ci", state: "success", created_at: "2026-05-01T10:05:00Z" },
    ],
  },
  {
    number: 9,
    title: "Pending and failing",
    author: "alice",
    head: "mixed",
    files: [{ path: "i", patch }],
    checks: [{ name: "a", status: "in_progress" }, { name: "b", conclusion: "failure" }, { name: "c" }],
  },
  {
    number: 10,
    title: "Pending only",
    author: "alice",
    head: "pending",
    files: [{ path: "j", patch }],
    checks: [{ name: "a", status: "queued" }, { name: "b" }],
  },
  {
    number: 11,
    title: "Skipped and neutral",
    author: "alice",
    head: "skipped",
    files: [{ path: "k", patch }],
    checks: [
      { name: "a", conclusion: "skipped" },
      { name: "b", conclusion: "neutral" },
    ],
  },
  {
    number: 12,
    title: "Cancelled",
    author: "alice",
    head: "cancelled",
    files: [{ path: "l", patch }],
    checks: [
      { name: "a", conclusion: "cancelled" },
      { name: "b", conclusion: "success", details_url: null },
    ],
  },
  {
    number: 13,
    title: "Long times",
    author: "alice",
    head: "long",
    files: [{ path: "m", patch }],
    checks: [
      { name: "hours", started_at: "2026-05-01T10:00:00Z", completed_at: "2026-05-01T13:25:07Z" },
      { name: "zero", started_at: "2026-05-01T10:00:00Z", completed_at: "2026-05-01T10:00:00Z" },
      { name: "days", started_at: "2026-05-01T10:00:00Z", completed_at: "2026-05-03T11:00:00Z" },
    ],
  },
  {
    number: 14,
    title: "A matrix of 120 and a status",
    author: "alice",
    head: "matrix",
    files: [{ path: "n", patch }],
    statuses: [{ context: "ci", state: "success" }],
  },
  { number: 15, title: "Re-run", author: "alice", head: "rerun", files: [{ path: "o", patch }] },
  {
    number: 16,
    title: "Merged with checks",
    author: "alice",
    head: "merged",
    merged: true,
    files: [{ path: "p", patch }],
    checks: [{ name: "lint" }],
  },
];

const runsOfPulls: RunFile[] = [
  {
    workflow: "CI",
    pull: 6,
    jobs: [
      { name: "build", conclusion: "success", steps: ["x"] },
      { name: "test", conclusion: "failure" },
    ],
  },
  { workflow: "Lint", pull: 6, name: "Lint of a title", jobs: [{ name: "build", conclusion: "success" }] },
  { workflow: "CI", pull: 14, jobs: Array.from({ length: 120 }, (_, index) => ({ name: `test (${index})` })) },
  {
    workflow: "CI",
    pull: 15,
    jobs: [{ name: "build", conclusion: "success" }],
    previous_attempts: [{ jobs: [{ name: "build", conclusion: "failure" }] }],
  },
];

/** Workflows, runs and jobs in every state, and pull requests with every kind of check. */
export const actions: WorldFile = {
  repositories: [
    {
      name: "acme/ci",
      workflows: [
        { name: "CI" },
        { name: "Deploy", state: "disabled_manually" },
        { name: "Lint" },
        { name: "Nightly", state: "disabled_inactivity" },
        { name: "Old", state: "deleted" },
        { name: "Ünïcode ✓ workflow", path: ".github/workflows/unicode.yml" },
      ],
      files: {
        ".github/workflows/ci.yml": "name: CI\non: push\n",
        ".github/workflows/deploy.yml": "name: Deploy\r\non: workflow_dispatch\r\n",
      },
      pulls,
      runs: [...every, ...special, ...runsOfPulls],
    },
    { name: "acme/idle", description: "Has no workflows" },
  ],
};
