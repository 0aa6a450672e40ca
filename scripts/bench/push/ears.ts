/** Every mark that the machines hear, as it comes; the marks that the bench waits for, and by when. */
import { everyTag } from "../../../shared/events/tags.ts";
import type { GitHub } from "../../../test/github-emulator/index.ts";
import type { Machines } from "../team/machines.ts";
import { iso } from "../team/trace-types.ts";

/** No event takes as long, ms. */
const patience = 20_000;

type OnHeard = (machine: string, repository: string) => void;

export class Ears {
  readonly #logins = new Map<string, string>();
  readonly #machines: Machines;
  readonly #waiting = new Set<() => void>();
  /** Marks heard so far, by machine and repository. */
  readonly #counts = new Map<string, number>();
  onHeard: OnHeard = () => undefined;

  private constructor(machines: Machines) {
    this.#machines = machines;
  }

  static async open(machines: Machines, names: readonly string[]): Promise<Ears> {
    const ears = new Ears(machines);
    for (const name of names) {
      const { connections, env } = machines.of(name);
      const known = await connections.of(env);
      if (known === undefined) throw new Error(`${name} is not logged in`);
      ears.#logins.set(name, known.id);
    }
    return ears;
  }

  /** Of all machines: how many marks of a repository the one that heard least has heard. */
  least(repository: string): number {
    return Math.min(...[...this.#logins.keys()].map((name) => this.#counts.get(`${name} ${repository}`) ?? 0));
  }

  /** Until every machine has heard so many marks of the repository since the bench began to listen. */
  async hears(repository: string, count: number): Promise<void> {
    const late = AbortSignal.timeout(patience);
    while (this.least(repository) < count) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = () => reject(new Error(`${this.least(repository)} of ${count} events of ${repository} were heard`));
      this.#waiting.add(resolve);
      late.addEventListener("abort", fail, { once: true });
      await promise;
      late.removeEventListener("abort", fail);
    }
  }

  /** Until each machine hears of each repository: it is told of earlier marks when it begins to listen. */
  async ready(github: GitHub, repositories: readonly string[], now: () => number): Promise<void> {
    for (const repository of repositories) {
      for (const [name, login] of this.#logins) {
        this.#machines
          .of(name)
          .freshness.heard.onMark(login, repository, [everyTag], () => this.#heard(name, repository));
      }
    }
    touch(github, repositories, "Begin", now());
    await github.engine.hooks.quiet();
    await Promise.all(repositories.map((repository) => this.hears(repository, 1)));
    this.#counts.clear();
  }

  #heard(machine: string, repository: string): void {
    const name = `${machine} ${repository}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.onHeard(machine, repository);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** One event in each of these repositories: its first issue gets another title. */
export function touch(github: GitHub, repositories: readonly string[], title: string, now: number): void {
  github.mutate((world) => {
    for (const name of repositories) {
      const issue = world.repositories.get(name)?.threads.get(1);
      if (issue === undefined) throw new Error(`no issue in ${name}`);
      issue.title = title;
      issue.updated_at = iso(now);
    }
  });
}
