import type { RunFile } from "../world/schema.ts";
import { at } from "./demo-choices.ts";

type Job = NonNullable<RunFile["jobs"]>[number];

const conclusions = [
  "success",
  "success",
  "success",
  "failure",
  "success",
  "cancelled",
  "success",
  "timed_out",
  "skipped",
  "neutral",
  "action_required",
  "startup_failure",
] as const;

export function runs(): RunFile[] {
  const list: RunFile[] = [];
  for (let index = 0; index < 72; index += 1) list.push(run(index));
  list.push({
    workflow: "Matrix",
    branch: "main",
    event: "schedule",
    created_at: at(8620),
    actor: "ada-okafor",
    jobs: matrix(),
  });
  return list;
}

function run(index: number): RunFile {
  const pull = index % 2 === 0 ? 2 * (1 + ((index / 2) % 40)) : undefined;
  const conclusion = conclusions[index % conclusions.length] ?? "success";
  const active = index >= 68;
  const created = at(pull ? 24 * 4 * pull + 1 : 400 + index * 110);
  const workflow = index % 7 === 6 ? "Docs" : index % 11 === 10 ? "Release" : "CI";
  const base: RunFile = {
    workflow,
    created_at: active ? at(8660 + index) : created,
    ...(pull ? { pull } : { branch: "main", event: index % 7 === 6 ? "workflow_dispatch" : "push" }),
  };
  if (active) return { ...base, jobs: activeJobs(index) };
  if (conclusion === "skipped") return { ...base, jobs: [{ name: "build", conclusion }] };
  if (conclusion === "startup_failure" || conclusion === "action_required") return { ...base, conclusion };
  return {
    ...base,
    jobs: jobs(conclusion, index),
    ...(index % 9 === 3
      ? {
          previous_attempts: [{ conclusion: "failure" as const, jobs: jobs("failure", index) }],
          triggering_actor: "ada-okafor",
        }
      : {}),
    ...(index % 4 === 0
      ? {
          artifacts: [
            { name: "coverage", size: 48_213 },
            { name: "lantern-linux-x64", size: 9_311_004, expired: index < 20 },
          ],
        }
      : {}),
  };
}

const steps = [
  "Set up job",
  "Run actions/checkout@v5",
  "Run npm ci",
  "Run npm test",
  "Post Run actions/checkout@v5",
  "Complete job",
];

function jobs(conclusion: NonNullable<Job["conclusion"]>, index: number): Job[] {
  const failed = conclusion === "failure" || conclusion === "timed_out";
  const test: Job = {
    name: "test",
    conclusion,
    steps: steps.map((name, number) => ({
      name,
      conclusion: failed
        ? number < 3
          ? ("success" as const)
          : number === 3
            ? ("failure" as const)
            : ("skipped" as const)
        : conclusion === "cancelled" && number > 2
          ? ("cancelled" as const)
          : ("success" as const),
    })),
    ...(failed
      ? {
          annotations: [
            {
              path: ".github",
              start_line: 1,
              level: "failure" as const,
              message: "Process completed with exit code 1.",
            },
            {
              path: "src/bridge/part-0.ts",
              start_line: 12,
              level: "warning" as const,
              title: "unused",
              message: "'lamp' is never used",
            },
          ],
        }
      : {}),
  };
  const all: Job[] = [
    { name: "lint", conclusion: "success", steps: steps.slice(0, 4) },
    test,
    {
      name: "build (ubuntu-latest, 24)",
      conclusion: failed ? "skipped" : conclusion === "neutral" ? "neutral" : "success",
      steps: failed ? [] : steps,
    },
  ];
  return all.slice(0, 2 + (index % 2));
}

function activeJobs(index: number): Job[] {
  if (index % 4 === 0)
    return [
      { name: "lint", status: "queued", started_at: null },
      { name: "test", status: "queued", started_at: null },
    ];
  if (index % 4 === 1) return [{ name: "deploy", status: "waiting", started_at: null }];
  return [
    { name: "lint", conclusion: "success", steps: steps.slice(0, 4) },
    {
      name: "test",
      status: "in_progress",
      steps: [
        { name: "Set up job", conclusion: "success" },
        { name: "Run npm test", status: "in_progress", conclusion: null, completed_at: null },
      ],
    },
  ];
}

function matrix(): Job[] {
  return Array.from({ length: 104 }, (_, index) => ({
    name: `fuzz (${index % 8}, seed-${index})`,
    conclusion: index === 57 ? ("failure" as const) : ("success" as const),
    steps: ["Set up job", "Fuzz"],
  }));
}
