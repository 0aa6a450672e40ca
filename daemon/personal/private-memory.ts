/** Repositories that the relay reported as not public: for a while their reads are not sent there. */
import { LRUCache } from "lru-cache";

/** The relay keeps such a finding longer; one that has become public is shared again after this. */
const privateSeconds = 300;
const mostRepositories = 1_000;

export class PrivateMemory {
  readonly #repositories: LRUCache<string, true>;

  /** @param now - milliseconds since the epoch */
  constructor(now: () => number) {
    this.#repositories = new LRUCache({ max: mostRepositories, ttl: privateSeconds * 1000, perf: { now } });
  }

  has(connectionId: string, repository: string): boolean {
    return this.#repositories.has(`${connectionId} ${repository}`);
  }

  add(connectionId: string, repository: string): void {
    this.#repositories.set(`${connectionId} ${repository}`, true);
  }
}
