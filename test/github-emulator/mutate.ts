import * as z from "zod";
import type { CheckRun, Repository, World } from "./world/model.ts";
import { repositoryName } from "./world/values.ts";

/** A change from outside, by repository and the thing's number, id, tag or name. */
export const changeSchema = z.object({
  repository: repositoryName,
  issue: z.int().optional(),
  pull: z.int().optional(),
  run: z.int().optional(),
  job: z.int().optional(),
  /** The name of a check run of the pull request's head. */
  check: z.string().optional(),
  release: z.string().optional(),
  /** Fields of the model to set, e.g. `{"title": "New", "updated_at": "…"}`. */
  set: z.record(z.string(), z.json()),
});

export type WorldChange = z.infer<typeof changeSchema>;

/** @throws when the repository or the thing is not in the world, or does not have a field. */
export function applyChange(world: World, change: WorldChange): void {
  const repository = world.repositories.get(change.repository.toLowerCase());
  if (!repository) throw new Error(`no repository ${change.repository}`);
  const run = repository.runs.find((each) => each.id === change.run);
  const target =
    change.check !== undefined
      ? checkOf(repository, change)
      : change.issue !== undefined || change.pull !== undefined
        ? repository.threads.get(change.issue ?? change.pull ?? 0)
        : change.run !== undefined
          ? run?.attempts.at(-1)
          : change.job !== undefined
            ? repository.runs
                .flatMap((each) => each.attempts.flatMap((attempt) => attempt.jobs))
                .find((job) => job.id === change.job)
            : change.release !== undefined
              ? repository.releases.find((each) => each.tag === change.release)
              : repository;
  if (!target) throw new Error(`not in ${change.repository}: ${JSON.stringify({ ...change, set: undefined })}`);
  assign(target, change.set);
  // A job is a check run: GitHub reports both alike.
  const check = change.job === undefined ? undefined : checksOf(repository).find(({ id }) => id === change.job);
  const told = Object.entries(change.set).filter(([name]) => check !== undefined && toldOfBoth.includes(name));
  if (check) assign(check, Object.fromEntries(told));
}

const toldOfBoth: readonly string[] = [
  "name",
  "status",
  "conclusion",
  "started_at",
  "completed_at",
] satisfies (keyof CheckRun)[];

function assign(target: object, fields: WorldChange["set"]): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!(name in target)) throw new Error(`there is no field ${name}`);
    Reflect.set(target, name, value);
  }
}

function checksOf(repository: Repository): readonly CheckRun[] {
  return repository.suites.flatMap(({ checks }) => checks);
}

function checkOf(repository: Repository, { pull, check }: WorldChange): CheckRun | undefined {
  const thread = repository.threads.get(pull ?? 0);
  const sha = thread?.kind === "pull" ? thread.head.sha : undefined;
  return checksOf(repository).find(({ suite, name }) => suite.sha === sha && name === check);
}
