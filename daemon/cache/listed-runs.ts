/**
 * A list of workflow runs holds each run as GitHub returns it alone: a run needs no further read after a list with it.
 */
import { bounded } from "../../shared/bounded.ts";
import { isObject, parseJson } from "../../shared/parse-json.ts";
import type { ReadAnswer, ReadRequest } from "../reader.ts";
import { resourceOf } from "./resource.ts";
import type { Kept, Store } from "./store.ts";
import { usability } from "./usable.ts";

/** Lists that are remembered for each login and repository, and such pairs. */
const mostLists = 8;
const mostPlaces = 500;

/** GitHub's list may come from an index that is behind the run itself: for this long after a write, in milliseconds. */
const listLagMs = 10_000;

/** A run in a list that lacks one of these is not whole. */
const whole = ["name", "display_title", "head_sha", "run_attempt", "run_started_at", "status", "updated_at"] as const;

interface ListedRunsOptions {
  readonly store: Store;
  readonly now: () => number;
  /** The times when the data of an answer was last written here, and last changed by an event. */
  readonly known: (
    askerId: string,
    subject: Pick<Kept, "kind" | "repository" | "tags">,
  ) => { readonly writtenAt: number; readonly heardAt: number };
}

export class ListedRuns {
  readonly #options: ListedRunsOptions;
  /** Keys of the lists in the store, the latest last. */
  readonly #lists = bounded<readonly string[]>(mostPlaces);

  constructor(options: ListedRunsOptions) {
    this.#options = options;
  }

  /** An answer was put into the store under `key`. */
  note(askerId: string, key: string, { kind, repository, status }: Kept): void {
    if ((kind !== "run_list" && kind !== "workflow_run_list") || status !== 200 || repository === undefined) return;
    const place = `${askerId} ${repository}`;
    const known = (this.#lists.get(place) ?? []).filter((each) => each !== key);
    this.#lists.set(place, [...known, key].slice(-mostLists));
  }

  /**
   * The run that is asked for by itself, as a fresh list of this machine's has it; undefined where no list holds it, or
   * where the run's own answer is here and younger. Not GitHub's bytes: for readers of fields only.
   */
  find(request: ReadRequest, askerId: string): ReadAnswer | undefined {
    const id = runAskedFor(request.path);
    const resource = id === undefined ? undefined : resourceOf(request);
    if (id === undefined || resource?.repository === undefined) return undefined;
    const { store, now, known } = this.#options;
    const own = known(askerId, resource);
    const view = store.peek(`${askerId} ${resource.key}`);
    // The latest first.
    for (const key of this.#lists.get(`${askerId} ${resource.repository}`)?.toReversed() ?? []) {
      const list = store.peek(key);
      if (list === undefined || list.createdAt <= (view?.createdAt ?? 0)) continue;
      const ofList = known(askerId, list);
      const written = Math.max(ofList.writtenAt, own.writtenAt);
      const bounds = {
        maxAge: request.maxAge,
        writtenAt: written === 0 ? 0 : written + listLagMs,
        heardAt: Math.max(ofList.heardAt, own.heardAt),
        now: now(),
      };
      const body = usability(list, bounds) === "fresh" ? runIn(list, id) : undefined;
      if (body === undefined) continue;
      const { status, createdAt, identity } = list;
      return { status, headers: {}, body, createdAt, answeredBy: "local", stale: false, ...(identity && { identity }) };
    }
    return undefined;
  }
}

/** The run's own answer, as the list has it; undefined where it is not in the list, or not whole. */
export function runIn({ body }: Kept, id: string): Buffer | undefined {
  if (!body.includes(`"id":${id}`) && !body.includes(`"id": ${id}`)) return undefined;
  const list = parseJson(body.toString());
  if (!isObject(list)) return undefined;
  const runs: readonly unknown[] = Array.isArray(list.workflow_runs) ? list.workflow_runs : [];
  const found = runs.find((run) => isRun(run, id));
  return found === undefined ? undefined : Buffer.from(JSON.stringify(found));
}

function isRun(value: unknown, id: string): boolean {
  return isObject(value) && String(value.id) === id && whole.every((name) => name in value);
}

/** The id of a run that is asked for by itself, its latest attempt. */
function runAskedFor(path: string): string | undefined {
  return /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/(\d+)$/.exec(path)?.[1];
}
