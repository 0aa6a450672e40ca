/** The time of the last event, by repository and tag. */
import { type EventTag, everyTag } from "../../shared/events/tags.ts";

/** Tags of one repository that are kept apart; more of them count as everything. */
const mostTags = 2_000;
/** Repositories that are kept apart; the oldest is deleted first. */
const mostRepositories = 2_000;

export class TagTimes {
  readonly #repositories = new Map<string, Map<EventTag, number>>();

  get size(): number {
    return this.#repositories.size;
  }

  /** Later times win. */
  set(repository: string, tags: readonly EventTag[], time: number): void {
    const known = this.#repositories.get(repository) ?? new Map<EventTag, number>();
    this.#repositories.set(repository, known);
    for (const tag of tags) known.set(tag, Math.max(known.get(tag) ?? 0, time));
    if (known.size > mostTags) {
      const latest = Math.max(...known.values());
      known.clear();
      known.set(everyTag, latest);
    }
    if (this.#repositories.size > mostRepositories) this.#repositories.delete(first(this.#repositories));
  }

  /**
   * The latest time of a tag that affects one of these; 0 when none does. An entry that depends on everything is
   * affected by every tag.
   */
  of(repository: string, tags: readonly EventTag[]): number {
    const known = this.#repositories.get(repository);
    if (known === undefined) return 0;
    if (tags.includes(everyTag)) return this.latest(repository);
    let latest = known.get(everyTag) ?? 0;
    for (const tag of tags) latest = Math.max(latest, known.get(tag) ?? 0, known.get(family(tag)) ?? 0);
    return latest;
  }

  /** The latest time of all its tags; 0 when there is none. */
  latest(repository: string): number {
    return Math.max(0, ...(this.#repositories.get(repository)?.values() ?? []));
  }

  forget(before: number): void {
    for (const [repository, known] of this.#repositories) {
      for (const [tag, time] of known) if (time < before) known.delete(tag);
      if (known.size === 0) this.#repositories.delete(repository);
    }
  }
}

/** `pull:7:code` belongs to `pull:*`. */
function family(tag: EventTag): EventTag {
  return `${tag.split(":")[0]}:*`;
}

function first(map: ReadonlyMap<string, unknown>): string {
  return map.keys().next().value ?? "";
}
