/**
 * The writes of this machine, and their times: an answer older than a mark on its repository is not used any
 * more. A mark is dropped once the relay's own lifetimes have passed it.
 */

import type { EventTag } from "../../shared/events/tags.ts";
import type { RouteKind } from "../../shared/routes/table.ts";
import { isElsewhere } from "./named-repositories.ts";
import { TagTimes } from "./tag-times.ts";

/**
 * How long a mark holds, in milliseconds: as long as anything that a write may outdate can be given, in an outage too.
 * A mark has no further cost once a younger answer is in the cache.
 */
export const markLifetimeMs = (3 * 3600 + 120) * 1000;

/** Routes that no write to a repository changes: profiles, and GitHub's description of itself. */
const untouched: ReadonlySet<RouteKind> = new Set<RouteKind>([
  "user_view",
  "emoji_list",
  "github_meta",
  "license_list",
  "license_view",
  "gitignore_template_list",
  "gitignore_template_view",
]);

export class WriteMemory {
  readonly #now: () => number;
  readonly #repositories = new Map<string, number>();
  /** Writes with known tags. */
  readonly #tagged = new TagTimes();
  #everything = 0;
  /** On github.com. */
  #latest = 0;
  #latestElsewhere = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Records a write to these repositories (`owner/name`, elsewhere `host/owner/name`); an empty list means any
   * repository.
   * @param tags - the tags that the write may have changed; everything when absent
   */
  mark(repositories: readonly string[], time: number = this.#now(), tags?: readonly EventTag[]): void {
    if (repositories.length === 0) this.#everything = Math.max(this.#everything, time);
    for (const repository of repositories.filter((each) => !isElsewhere(each))) {
      const key = repository.toLowerCase();
      if (tags) {
        this.#tagged.set(key, tags, time);
        continue;
      }
      this.#repositories.set(key, Math.max(this.#repositories.get(key) ?? 0, time));
    }
    const only = repositories.length > 0 && repositories.every(isElsewhere);
    if (only) this.#latestElsewhere = Math.max(this.#latestElsewhere, time);
    else this.#latest = Math.max(this.#latest, time);
    this.#forget();
  }

  /** Time of the last write anywhere, 0 when none is known. */
  get latest(): number {
    return Math.max(this.#latest, this.#latestElsewhere);
  }

  /**
   * Time of the last write that an answer of this kind may show, 0 when none is known. An answer without a repository
   * (a search, a user's list of repositories) may show any of them; a profile shows none.
   * @param tags - the answer's dependencies; without any it may show every write
   */
  writtenAt(repository: string | undefined, kind?: RouteKind, tags: readonly EventTag[] = []): number {
    if (this.#latest === 0) return 0;
    const time = kind !== undefined && untouched.has(kind) ? this.#everything : this.#since(repository, tags);
    return this.#now() - time < markLifetimeMs ? time : 0;
  }

  #since(repository: string | undefined, tags: readonly EventTag[]): number {
    if (repository === undefined) return this.#latest;
    const tagged = tags.length === 0 ? this.#tagged.latest(repository) : this.#tagged.of(repository, tags);
    return Math.max(this.#everything, this.#repositories.get(repository) ?? 0, tagged);
  }

  #forget(): void {
    const oldest = this.#now() - markLifetimeMs;
    for (const [repository, time] of this.#repositories) if (time < oldest) this.#repositories.delete(repository);
    this.#tagged.forget(oldest);
  }
}
