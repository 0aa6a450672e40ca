/**
 * gh's own GraphQL queries: identical ones in progress are one, and those without a field that others decide by are
 * kept for some seconds. A query joins only a request that began after the last known write had ended.
 */
import { gunzipSync } from "node:zlib";
import { LRUCache } from "lru-cache";
import { Flights } from "../cache/flights.ts";
import { isWholeAnswer } from "../graphql-answer.ts";
import { anythingOn } from "../hosts.ts";
import { readBounded } from "./body.ts";
import type { ViaCounters } from "./counters.ts";
import { headerOf, type ViaAnswer, type ViaRequest, withoutBudget } from "./exchange.ts";
import type { Treatment } from "./operation.ts";
import type { Upstream } from "./upstream.ts";

interface GraphqlMemoryOptions {
  readonly upstream: Upstream;
  readonly counters: ViaCounters;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds for which an answer is kept; 0 keeps none. */
  readonly seconds: number;
  readonly treatmentOf: (body: string) => Treatment;
  readonly onWrite: (repository: string | undefined) => void;
  /** Time of the last known write of this machine, milliseconds since the epoch. */
  readonly writtenAt: () => number;
}

interface Kept {
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly answered: ViaAnswer;
  /** Strings in the query: a write to a repository that is not among them does not affect it. */
  readonly names: ReadonlySet<string>;
}

/** The schema changes with GitHub's releases only. */
const introspectionSeconds = 3600;
const capacity = 32 * 1024 * 1024;
const largestKept = 4 * 1024 * 1024;
const overhead = 1024;
/** Headers of a request that may change the answer to a query. */
const telling = [
  "accept",
  "accept-encoding",
  "graphql-features",
  "x-github-api-version",
  "x-github-next-global-id",
] as const;

export class GraphqlMemory {
  readonly #options: GraphqlMemoryOptions;
  readonly #kept: LRUCache<string, Kept>;
  readonly #flights = new Flights<ViaAnswer>();
  /** Counts writes: a flight that began before the latest of them is not joined. */
  #generation = 0;

  constructor(options: GraphqlMemoryOptions) {
    this.#options = options;
    this.#kept = new LRUCache({ maxSize: capacity, perf: { now: options.now } });
  }

  /** Deletes the answers that a write may have changed: those that name the repository, or all. */
  written(repository: string | undefined): void {
    this.#generation++;
    const [name = "", owner = ""] = (repository ?? "").toLowerCase().split("/").reverse();
    for (const [key, { names }] of this.#kept.entries()) {
      const concerned =
        repository === undefined || name === "*" || names.size === 0 || names.has(name) || names.has(owner);
      if (concerned || names.has(`${owner}/${name}`)) this.#kept.delete(key);
    }
  }

  async answer(asked: ViaRequest, body: Buffer): Promise<ViaAnswer> {
    const { treatmentOf, onWrite, counters } = this.#options;
    const treatment = treatmentOf(body.toString());
    if (treatment.kind === "write") {
      onWrite(anythingOn(asked));
      const answered = await this.#ask(asked, body);
      onWrite(anythingOn(asked));
      return answered;
    }
    if (treatment.kind === "pass") return this.#ask(asked, body);
    const credential = treatment.kind === "introspection" ? "" : asked.credential;
    const features = telling.map((name) => headerOf(asked.headers, name) ?? "");
    const key = JSON.stringify([credential, asked.host, features, treatment.key]);
    const written = this.#options.writtenAt();
    const kept = this.#kept.get(key);
    if (kept && kept.askedAt > written) {
      counters.kept++;
      return kept.answered;
    }
    const lane = `${this.#generation} ${written} ${asked.credential} ${key}`;
    const options = { live: false, signal: asked.signal };
    const { value, coalesced } = await this.#flights.fly(lane, options, (signal) =>
      this.#fetch({ ...asked, signal }, body, { key, treatment }),
    );
    if (coalesced) counters.coalesced++;
    return value;
  }

  async #fetch(
    asked: ViaRequest,
    body: Buffer,
    { key, treatment }: { key: string; treatment: Exclude<Treatment, { kind: "write" | "pass" }> },
  ): Promise<ViaAnswer> {
    const before = this.#generation;
    const askedAt = this.#options.now();
    const answered = await this.#ask(asked, body);
    const seconds =
      treatment.kind === "introspection" ? introspectionSeconds : treatment.kind === "keep" ? this.#options.seconds : 0;
    if (seconds > 0 && before === this.#generation && isWhole(answered)) {
      const names = new Set(treatment.names.map((name) => name.toLowerCase()));
      const kept = { askedAt, answered: { ...answered, headers: withoutBudget(answered.headers) }, names };
      this.#kept.set(key, kept, { size: answered.body.length + overhead, ttl: seconds * 1000 });
    }
    return answered;
  }

  async #ask({ method, target, host, headers, credential, signal }: ViaRequest, body: Buffer): Promise<ViaAnswer> {
    this.#options.counters.queries++;
    const received = await this.#options.upstream.send({ method, target, host, headers, body, signal });
    const answer = await readBounded(received, Number.MAX_SAFE_INTEGER);
    if (!answer.whole) throw new Error("the answer did not end");
    this.#options.counters.spent(credential, (name) => headerOf(received.rawHeaders, name));
    return { status: received.statusCode ?? 502, headers: received.rawHeaders, body: answer.bytes };
  }
}

/** A complete answer without errors; any other is only valid for its own request and is not kept. */
function isWhole({ status, headers, body }: ViaAnswer): boolean {
  if (status !== 200 || body.length > largestKept) return false;
  try {
    const packed = headerOf(headers, "content-encoding") === "gzip";
    return isWholeAnswer(packed ? gunzipSync(body, { maxOutputLength: 8 * largestKept }) : body);
  } catch {
    return false;
  }
}
