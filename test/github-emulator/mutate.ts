import { z } from "zod";
import type { World } from "./world/model.ts";
import { repositoryName } from "./world/values.ts";

/** A change from outside, by repository and the thing's number, id or tag. */
export const changeSchema = z.object({
  repository: repositoryName,
  issue: z.int().optional(),
  pull: z.int().optional(),
  run: z.int().optional(),
  job: z.int().optional(),
  release: z.string().optional(),
  /** Fields of the model to set, e.g. `{"title": "New", "updated_at": "…"}`. */
  set: z.record(z.string(), z.json()),
});

export type Change = z.infer<typeof changeSchema>;

/** @throws when the repository or the thing is not in the world, or does not have a field. */
export function applyChange(world: World, change: Change): void {
  const repository = world.repositories.get(change.repository.toLowerCase());
  if (!repository) throw new Error(`no repository ${change.repository}`);
  const run = repository.runs.find((each) => each.id === change.run);
  const target =
    change.issue !== undefined || change.pull !== undefined
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
  for (const [name, value] of Object.entries(change.set)) {
    if (!(name in target)) throw new Error(`there is no field ${name}`);
    Reflect.set(target, name, value);
  }
}
