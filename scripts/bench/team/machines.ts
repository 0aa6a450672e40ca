/** The team's machines: the daemon of each in this process, with its own memory, token and sight of writes. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Asker } from "../../../daemon/cache/reads.ts";
import type { Pause } from "../../../daemon/events/watch.ts";
import type { Engine } from "../../../daemon/gh/engine.ts";
import type { GhVersionSource } from "../../../daemon/gh-versions.ts";
import { createWorld, type DaemonWorld } from "../../../daemon/world.ts";
import { tagsWrittenBy } from "../../../shared/events/own-writes.ts";
import { addCaller, type Operator } from "../../stack/pool.ts";
import type { Cast } from "./cast.ts";
import type { AskRecord } from "./records.ts";
import type { Change, Moment } from "./trace-types.ts";

interface MachinesOptions {
  readonly names: readonly string[];
  readonly actorOf: (machine: string) => string;
  readonly operator: Operator | undefined;
  readonly directory: string;
  readonly now: () => number;
  readonly engine: Engine;
  /** Bytes that each may remember; the daemon's own default without. */
  readonly capacity: number | undefined;
  /** How watches wait; the wall's clock without. */
  readonly pause?: Pause;
  /** Takes the relay's place. */
  readonly direct?: (machine: string) => Asker["ask"];
  readonly onAsk: (ask: Omit<AskRecord, "t" | "cache">) => AskRecord;
  readonly onDefect: (what: string) => void;
}

/** The command for each change that is made with gh. */
const typed: Readonly<Partial<Record<Change["kind"], readonly [string, string]>>> = {
  comment: ["issue", "comment"],
  label: ["issue", "edit"],
  edit_issue: ["issue", "edit"],
  issue: ["issue", "create"],
  edit: ["pr", "edit"],
  review: ["pr", "review"],
  merge: ["pr", "merge"],
};

/** The gh whose costs are counted (gh-costs.json). */
const build = { version: "2.46.0", key: "gh 2.46.0" };
const ghVersions: GhVersionSource = { of: async () => build.version, buildOf: async () => build };

export class Machines {
  readonly #worlds = new Map<string, DaemonWorld>();
  readonly #options: MachinesOptions;
  /** Machine and repository of pushes that no command has seen yet. */
  readonly #unseen = new Set<string>();
  readonly #lastWrite = new Map<string, Moment>();

  private constructor(options: MachinesOptions) {
    this.#options = options;
  }

  static async start(options: MachinesOptions): Promise<Machines> {
    const machines = new Machines(options);
    for (const name of options.names) await machines.#add(name);
    return machines;
  }

  of(name: string): DaemonWorld {
    const world = this.#worlds.get(name);
    if (world === undefined) throw new Error(`no machine ${name}`);
    return world;
  }

  async close(): Promise<void> {
    const worlds = [...this.#worlds.values()];
    await Promise.all(worlds.flatMap(({ relays, personal }) => [relays.close(), personal.close()]));
  }

  /**
   * A write through the shim is known at once, with its command's possible changes; a push, when the next command looks
   * at the refs.
   */
  wrote(machine: string, { kind, repo, push = false }: Change, t: Moment): void {
    if (kind !== "fetch") this.#lastWrite.set(`${machine} ${repo}`, t);
    if (push) this.#unseen.add(`${machine} ${repo}`);
    else this.of(machine).freshness.memory.mark([repo], this.#options.now(), tagsWrittenBy(typed[kind] ?? []));
  }

  /** The command's look at its checkout. */
  lookAt(machine: string, repo: string): void {
    if (this.#unseen.delete(`${machine} ${repo}`)) this.of(machine).freshness.memory.mark([repo], this.#options.now());
  }

  lastWrite(machine: string, repo: string): Moment {
    return this.#lastWrite.get(`${machine} ${repo}`) ?? Number.NEGATIVE_INFINITY;
  }

  async #add(name: string): Promise<void> {
    const { operator, actorOf, now, engine, capacity, pause, onDefect } = this.#options;
    const directory = join(this.#options.directory, name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const token = operator ? await addCaller(operator, "maintainers", actorOf(name), name) : "op_none";
    const env = {
      HOME: directory,
      PATH: "/usr/bin:/bin",
      OCTOPOOL_URL: operator?.server ?? "http://127.0.0.1:9",
      OCTOPOOL_TOKEN: token,
      OCTOPOOL_CLIENT: name,
    };
    const log = (event: string, extra?: unknown) => {
      if (event === "defect") onDefect(`${event} ${JSON.stringify(extra)}`);
    };
    const world = createWorld({ env, directory, now, log, engine, capacity, pause, ghVersions });
    this.#worlds.set(name, world);
    this.#listen(name, world);
  }

  /** Writes down each request that leaves the machine. */
  #listen(name: string, { relays }: DaemonWorld): void {
    const asker = relays.asker.bind(relays);
    const direct = this.#options.direct?.(name);
    relays.asker = (known, options) => {
      const real = asker(known, options);
      const ask = direct ?? real.ask;
      return { ...real, ask: (read, signal) => this.#asked(read, () => ask(read, signal)) };
    };
  }

  async #asked<T extends { readonly head: { readonly relay: { readonly cache: string } } }>(
    { path, query, headers }: Parameters<Asker["ask"]>[0],
    ask: () => Promise<T>,
  ): Promise<T> {
    const bound = /max-age=(\d+)/.exec(headers["cache-control"] ?? "")?.[1];
    const maxAge = bound === undefined ? undefined : Number(bound);
    const record = this.#options.onAsk({ path, query: queryText(query), maxAge, gate: false });
    try {
      const answer = await ask();
      record.cache = answer.head.relay.cache;
      return answer;
    } catch (error) {
      record.cache = error instanceof Error && "reason" in error ? String(error.reason) : String(error);
      if (error instanceof Error && error.name === "RelayOutage") this.#options.onDefect(`${error} for ${path}`);
      throw error;
    }
  }
}

export function queryText(query: Readonly<Record<string, string | readonly string[]>>): string {
  const pairs = Object.entries(query).flatMap(([key, values]) =>
    [values].flat().map((value) => [key, value] as [string, string]),
  );
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "";
}

/** The person at a machine, as the caller that its token was made for. */
export function actorOf(cast: Pick<Cast, "people">, machine: string): string {
  const name = machine.startsWith("m-") ? machine.slice(2) : "";
  return cast.people.includes(name) ? name : "orchestrator";
}
