import type { Actor } from "./accounts.ts";
import type { Repository } from "./repositories.ts";
import type { Pull } from "./threads.ts";

export interface CheckSuite {
  id: number;
  node_id: string;
  sha: string;
  branch: string | null;
  app: string;
  /** The workflow run whose suite this is. */
  run: Run | null;
  /** All attempts' check runs, oldest first. */
  checks: CheckRun[];
  created_at: string;
}

export interface CheckRun {
  id: number;
  node_id: string;
  suite: CheckSuite;
  name: string;
  app: string;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
  details_url: string | null;
  external_id: string;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  /** The job, for check runs of Actions. */
  job: Job | null;
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column: number | null;
  end_column: number | null;
  level: "notice" | "warning" | "failure";
  title: string;
  message: string;
  raw_details: string;
}

export interface Workflow {
  id: number;
  node_id: string;
  name: string;
  path: string;
  state: "active" | "disabled_manually" | "disabled_inactivity" | "deleted";
  created_at: string;
  updated_at: string;
}

export interface Run {
  id: number;
  node_id: string;
  repository: Repository;
  workflow: Workflow;
  name: string;
  title: string;
  number: number;
  event: string;
  branch: string | null;
  sha: string;
  head_repository: Repository | null;
  pull: Pull | null;
  actor: Actor;
  created_at: string;
  suite: CheckSuite;
  /** Oldest first; the last one is current. */
  attempts: Attempt[];
  artifacts: Artifact[];
}

export interface Attempt {
  number: number;
  status: string;
  conclusion: string | null;
  triggering_actor: Actor;
  run_started_at: string;
  updated_at: string;
  jobs: Job[];
}

export interface Job {
  id: number;
  node_id: string;
  name: string;
  run: Run;
  attempt: number;
  status: string;
  conclusion: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  steps: Step[];
  labels: string[];
  runner_name: string | null;
  /** `null`: made from the steps. */
  log: string | null;
  check: CheckRun;
}

export interface Step {
  number: number;
  name: string;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
}

export interface Artifact {
  id: number;
  node_id: string;
  name: string;
  size: number;
  expired: boolean;
  created_at: string;
  expires_at: string;
}
