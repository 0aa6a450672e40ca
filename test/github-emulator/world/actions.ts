import * as z from "zod";
import { annotation, conclusion, runStatus } from "./discussion.ts";
import { actor, id, instant, sha } from "./values.ts";

export const workflow = z.strictObject({
  id: id.optional(),
  name: z.string(),
  /** Absent: `.github/workflows/<name in lower case with dashes>.yml`. */
  path: z.string().optional(),
  state: z.enum(["active", "disabled_manually", "disabled_inactivity", "deleted"]).default("active"),
  created_at: instant.optional(),
  updated_at: instant.optional(),
});

const step = z.strictObject({
  name: z.string(),
  status: runStatus.optional(),
  conclusion: conclusion.nullable().optional(),
  started_at: instant.nullable().optional(),
  completed_at: instant.nullable().optional(),
});

/** Status defaults to `completed` when there is a conclusion and the other way round to `success`. */
const job = z.strictObject({
  id: id.optional(),
  name: z.string(),
  status: runStatus.optional(),
  conclusion: conclusion.nullable().optional(),
  started_at: instant.nullable().optional(),
  completed_at: instant.nullable().optional(),
  /** A plain string is a step that ended as the job did. */
  steps: z.array(z.union([z.string().transform((name): z.infer<typeof step> => ({ name })), step])).default([]),
  labels: z.array(z.string()).default(["ubuntu-latest"]),
  runner_name: z.string().nullable().optional(),
  /** Plain text; absent: a few lines for each step. */
  log: z.string().optional(),
  annotations: z.array(annotation).default([]),
});

const artifact = z.strictObject({
  id: id.optional(),
  name: z.string(),
  size: z.int().nonnegative().default(1024),
  expired: z.boolean().default(false),
  created_at: instant.optional(),
  expires_at: instant.optional(),
});

const attempt = z.strictObject({
  status: runStatus.optional(),
  conclusion: conclusion.nullable().optional(),
  triggering_actor: actor.optional(),
  run_started_at: instant.optional(),
  updated_at: instant.optional(),
  jobs: z.array(job).default([]),
});

export const run = z.strictObject({
  ...attempt.shape,
  id: id.optional(),
  /** Name or path of the workflow. */
  workflow: z.string(),
  /** The title by `run-name:`; absent: the workflow's name. */
  name: z.string().optional(),
  /** Absent: the title of the pull request or the head commit's first line. */
  title: z.string().optional(),
  number: z.int().positive().optional(),
  /** Absent: `pull_request` with `pull`, else `push`. */
  event: z.string().optional(),
  branch: z.string().nullable().optional(),
  sha: sha.optional(),
  /** The pull request it ran for: branch, sha and title come from it. */
  pull: z.int().positive().optional(),
  actor: actor.optional(),
  created_at: instant.optional(),
  /** Attempts before the current one, oldest first. */
  previous_attempts: z.array(attempt).default([]),
  artifacts: z.array(artifact).default([]),
});
