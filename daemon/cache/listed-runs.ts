/**
 * A list of workflow runs says of each of its runs all that GitHub says of the run alone: one run that is asked for after
 * a list of them need not be asked for again.
 */
import { LRUCache } from "lru-cache";
import { parseJson } from "../../shared/parse-json.ts";
import type { Kept } from "./store.ts";

/** Lists that are remembered for each login and repository, and such pairs. */
const mostLists = 8;
const mostPlaces = 500;

/** GitHub may find what it lists in an index that is behind the run itself: so long after a write, in milliseconds. */
export const listLagMs = 10_000;

/** A run in a list that lacks one of these is not whole. */
const whole = ["name", "display_title", "head_sha", "run_attempt", "run_started_at", "status", "updated_at"] as const;

export class ListedRuns {
  /** Keys of the lists in the store, the latest last. */
  readonly #lists = new LRUCache<string, readonly string[]>({ max: mostPlaces });

  /** An answer was put into the store under `key`. */
  note(askerId: string, key: string, { kind, repository, status }: Kept): void {
    if ((kind !== "run_list" && kind !== "workflow_run_list") || status !== 200 || repository === undefined) return;
    const place = `${askerId} ${repository}`;
    const known = (this.#lists.get(place) ?? []).filter((each) => each !== key);
    this.#lists.set(place, [...known, key].slice(-mostLists));
  }

  /** Lists that may hold a run of the repository, the latest first. */
  keys(askerId: string, repository: string): readonly string[] {
    return this.#lists.get(`${askerId} ${repository}`)?.toReversed() ?? [];
  }
}

/** The run's own answer, as the list has it; undefined where it is not in the list, or not whole. */
export function runIn({ body }: Kept, id: string): Buffer | undefined {
  if (!body.includes(`"id":${id}`) && !body.includes(`"id": ${id}`)) return undefined;
  const list = parseJson(body.toString());
  if (typeof list !== "object" || list === null || !("workflow_runs" in list)) return undefined;
  const runs: readonly unknown[] = Array.isArray(list.workflow_runs) ? list.workflow_runs : [];
  const found = runs.find((run) => isRun(run, id));
  return found === undefined ? undefined : Buffer.from(JSON.stringify(found));
}

function isRun(value: unknown, id: string): boolean {
  if (typeof value !== "object" || value === null || !("id" in value)) return false;
  return String(value.id) === id && whole.every((name) => name in value);
}

/** The id of a run that is asked for by itself, its latest attempt. */
export function runAskedFor(path: string): string | undefined {
  return /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/(\d+)$/.exec(path)?.[1];
}
