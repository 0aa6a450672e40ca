/**
 * Events of GitHub, received through the relay: an answer that is older than a mark on one of its tags is not used any
 * more. All times are the relay's: an answer's own time is compared as the relay reported it, so that no other clock
 * counts.
 */
import { concerns, type EventTag, everyTag } from "../../shared/events/tags.ts";
import { markLifetimeMs } from "./memory.ts";
import { TagTimes } from "./tag-times.ts";

/** One event: `owner/name`, the tags that changed, and when the relay got it (its clock, ms). */
type HeardMark = readonly [repository: string, tags: readonly EventTag[], at: number];

interface Waiter {
  readonly repository: string;
  readonly tags: readonly EventTag[];
  readonly wake: () => void;
}

export class HeardMarks {
  readonly #byLogin = new Map<string, TagTimes>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** @param login - whose connection received it ({@link KnownConnection.id}) */
  hear(login: string, marks: readonly HeardMark[]): void {
    const times = this.#byLogin.get(login) ?? new TagTimes();
    this.#byLogin.set(login, times);
    for (const [repository, tags, at] of marks) {
      times.set(repository, tags, at);
      times.forget(at - markLifetimeMs);
      for (const waiter of this.#waiters.get(login) ?? []) {
        if (waiter.repository === repository && concerns(tags, waiter.tags)) waiter.wake();
      }
    }
  }

  /** Too much was missed to know which answers are affected. */
  hearAll(login: string, repositories: readonly string[], at: number): void {
    this.hear(
      login,
      repositories.map((repository) => [repository, [everyTag], at]),
    );
  }

  /** The time of the last event for such an answer, by the relay's clock; 0 without one. */
  at(login: string, repository: string | undefined, tags: readonly EventTag[]): number {
    if (repository === undefined || tags.length === 0) return 0;
    return this.#byLogin.get(login)?.of(repository, tags) ?? 0;
  }

  /** Calls `wake` for each mark on these tags until the returned function is called. */
  onMark(login: string, repository: string, tags: readonly EventTag[], wake: () => void): () => void {
    const waiter = { repository, tags, wake };
    const waiters = this.#waiters.get(login) ?? new Set();
    this.#waiters.set(login, waiters);
    waiters.add(waiter);
    return () => {
      waiters.delete(waiter);
      if (waiters.size === 0) this.#waiters.delete(login);
    };
  }
}
