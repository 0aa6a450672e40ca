/** The gh engine with a witness: the reads of each command, their age, and the output that gh would print now. */
import type { EngineDependencies, Invocation, Outcome } from "../../../daemon/gh/engine.ts";
import { engine as ghEngine } from "../../../daemon/gh/index.ts";
import type { GitHubReader, ReadAnswer, ReadRequest } from "../../../daemon/reader.ts";
import type { CommandRecord } from "./records.ts";
import type { Moment } from "./trace-types.ts";
import type { AskedRead, Tracked, Truth } from "./truth.ts";

interface ObserverOptions {
  readonly truth: Truth;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly begun: number;
  readonly lastWrite: (machine: string, repo: string) => Moment;
  /** A watch waits: the clock may move on. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A read that insists on GitHub's word begins. */
  readonly onGate: (path: string, query: string) => void;
}

export class Observer {
  readonly #options: ObserverOptions;
  readonly #records = new WeakMap<Invocation, CommandRecord>();

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** The reads of this invocation are written into `record`. */
  watch(invocation: Invocation, record: CommandRecord): void {
    this.#records.set(invocation, record);
  }

  readonly engine = (invocation: Invocation, dependencies: EngineDependencies): Promise<Outcome> => {
    const record = this.#records.get(invocation);
    if (record === undefined) return ghEngine(invocation, dependencies);
    const sleep = (milliseconds: number) => {
      record.polls += 1;
      return this.#options.sleep(milliseconds);
    };
    // Waits for events last as long as the clock on the wall says.
    const { watch: _watch, ...rest } = dependencies;
    return ghEngine(invocation, { ...rest, reader: this.#reader(rest.reader, record), sleep });
  };

  #reader(reader: GitHubReader, record: CommandRecord): GitHubReader {
    const { truth, now, begun, lastWrite, onGate } = this.#options;
    const { machine, repo } = record.read;
    const note = (request: ReadRequest, tracked: Tracked, own: Moment, answer: ReadAnswer) => {
      const { body, createdAt, answeredBy: by } = answer;
      // Only a part that cannot change is needed: the rest does not count.
      const { outdated, since } = request.anyAge
        ? { outdated: false, since: undefined }
        : truth.standing(tracked, body, createdAt, by === "github");
      const t = now() - begun;
      record.reads.push({
        t,
        path: request.path,
        query: queryOf(request),
        gate: request.maxAge === 0,
        by,
        age: now() - createdAt,
        outdated,
        late: since === undefined ? 0 : t - since,
        olderThanOwnWrite: since !== undefined && since <= own,
      });
    };
    return {
      held: (request) => reader.held?.(request),
      isHere: (request) => reader.isHere?.(request) ?? false,
      recent: async (request) => {
        const tracked = await truth.track(askedOf(request));
        const own = lastWrite(machine, repo);
        const answer = await reader.recent?.(request);
        if (answer) note(request, tracked, own, answer);
        return answer;
      },
      isOwn: (request) => reader.isOwn?.(request) ?? false,
      recall: async (request) => reader.recall?.(request),
      price: async (request) => (await reader.price?.(request)) ?? "shared",
      asked: async (request) => (await reader.asked?.(request)) ?? 0,
      listed: async (request) => {
        const tracked = await truth.track(askedOf(request));
        const answer = await reader.listed?.(request);
        if (answer) note(request, tracked, lastWrite(machine, repo), answer);
        return answer;
      },
      read: async (request) => {
        const query = queryOf(request);
        const tracked = await truth.track(askedOf(request));
        const own = lastWrite(machine, repo);
        if (request.maxAge === 0) onGate(request.path, query);
        const answer = await reader.read(request);
        note(request, tracked, own, answer);
        return answer;
      },
    };
  }

  /** The output of gh at this moment; undefined where only gh itself could tell. */
  async truly(invocation: Invocation): Promise<string | undefined> {
    const { truth, now } = this.#options;
    const reader: GitHubReader = {
      read: async (request) => {
        const answer = await truth.ask(askedOf(request));
        const headers = Object.fromEntries(
          Object.entries(answer.headers).filter(([name]) => /^(content-type|link|etag)$/.test(name)),
        );
        return {
          status: answer.status,
          headers,
          body: answer.body,
          answeredBy: "github",
          stale: false,
          createdAt: now(),
        };
      },
    };
    const outcome = await ghEngine(invocation, {
      reader,
      now,
      git: () => Promise.reject(new Error("no git here")),
      ghVersion: async () => "2.46.0",
      sleep: async () => undefined,
      signal: AbortSignal.timeout(30_000),
      emit: () => undefined,
    });
    return outcome.kind === "done" ? textOf(outcome.stdout) : undefined;
  }
}

function askedOf(request: ReadRequest): AskedRead {
  const { path, headers, graphql, own } = request;
  return { path, query: queryOf(request), accept: headers?.accept, graphql, own };
}

function queryOf({ query }: ReadRequest): string {
  return query && query.length > 0
    ? `?${new URLSearchParams(query.map(([key, value]) => [key, value] as [string, string]))}`
    : "";
}

export function textOf(stdout: string | Uint8Array): string {
  return Buffer.from(stdout).toString();
}
