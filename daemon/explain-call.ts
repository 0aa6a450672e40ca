/**
 * Explains how a command would be answered, without running it. The engine runs as always, on a reader that answers
 * only from memory and records its reads; where the memory has no answer, the command waits for ever, and is ended once
 * it makes no progress.
 */
import type { ExplainedRead, Explanation } from "../shared/explanation.ts";
import { pooledResourceOf, type Resource, resourceOf } from "./cache/resource.ts";
import { priceOf, type Standing } from "./cache/standing.ts";
import { answerWasCut, sourcesOf, surroundingsOf } from "./call-sources.ts";
import type { EngineDependencies, Filter, Invocation, Outcome } from "./gh/engine.ts";
import type { PersonalAccess } from "./personal/access.ts";
import type { CallerTokens } from "./personal/index.ts";
import { type PreparedCall, prepareCall } from "./prepare-call.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "./reader.ts";
import type { DaemonWorld } from "./world.ts";

interface ExplainOptions {
  /** The caller's own token at the relay, where its environment names one. */
  readonly token?: string | undefined;
  /** GitHub tokens of the caller's environment. */
  readonly githubTokens?: CallerTokens | undefined;
}

/** @throws OctopoolError when the settings cannot be read. */
export async function explainCall(
  world: DaemonWorld,
  invocation: Invocation,
  { token, githubTokens = {} }: ExplainOptions = {},
): Promise<Explanation> {
  let prepared: PreparedCall;
  try {
    prepared = await prepareCall(world, invocation, token);
  } catch (error) {
    if (error instanceof NativeRequired) return native(invocation, error.reason);
    throw error;
  }
  const build = await world.ghVersions.buildOf(invocation.env);
  const comparisons = await world.comparisons.get();
  const judgement = comparisons.judge(invocation, build);
  if (judgement.kind !== "serve") return native(invocation, judgement.reason);
  const own = world.personal.access(invocation.env, githubTokens);
  const explanation = await new DryRun(world, { ...prepared, own }).explain(invocation);
  if (build === undefined || explanation.outcome === "native") return explanation;
  return { ...explanation, proven: { gh: build.version, by: judgement.by } };
}

async function native(invocation: Invocation, reason: string): Promise<Explanation> {
  return { outcome: "native", reason, reads: [], complete: true, cost: await costOf(invocation, []) };
}

/** Loaded with the first call, as the engine is. */
async function costOf(
  { args }: Invocation,
  reads: readonly ExplainedRead[],
): Promise<NonNullable<Explanation["cost"]>> {
  const [{ costOfGh }, { reckon }] = await Promise.all([import("./gh/gh-costs.ts"), import("./gh/cost/reckoning.ts")]);
  const gh = costOfGh(args);
  return {
    ...reckon(reads.flatMap(({ price }) => price ?? [])),
    gh: gh ? { requests: gh.rest + gh.graphql, orMore: gh.orMore } : null,
  };
}

/** The name of each in an explanation. */
const states: Readonly<Record<Standing["usable"], ExplainedRead["state"]>> = {
  fresh: "fresh",
  absent: "unknown",
  conditional: "unknown",
  expired: "expired",
  live: "live",
  written: "live",
  changed: "expired",
  "too old": "live",
};

interface DryRunOptions extends Pick<PreparedCall, "known" | "switches"> {
  readonly own: Pick<PersonalAccess, "canRead" | "held" | "price" | "asked">;
}

class DryRun {
  readonly #world: DaemonWorld;
  readonly #options: DryRunOptions;
  readonly #sources: ReturnType<typeof sourcesOf>;
  readonly #reads: ExplainedRead[] = [];
  readonly #stop = new AbortController();
  /** Calls of other programs in progress: the command may still make progress. */
  #asking = 0;
  #looking = false;

  constructor(world: DaemonWorld, options: DryRunOptions) {
    this.#world = world;
    this.#options = options;
    this.#sources = sourcesOf(world, options, options.own);
  }

  async explain(invocation: Invocation): Promise<Explanation> {
    const outcome = await this.#world.engine(invocation, this.#dependencies(invocation));
    const stopped = this.#stop.signal.aborted;
    const told = { reads: this.#reads, cost: await costOf(invocation, this.#reads) };
    if (!stopped && outcome.kind === "native") {
      return { outcome: "native", reason: outcome.reason, complete: true, ...told };
    }
    return { outcome: "read", reason: "", complete: !stopped && isWhole(outcome), ...told };
  }

  #dependencies(invocation: Invocation): EngineDependencies {
    const { signal } = this.#stop;
    const { git, sshHost, ghVersion, filter, ...surroundings } = surroundingsOf(this.#world, invocation, signal);
    const { sourceOf: _source, price, recall, asked, ...unasked } = this.#sources;
    return {
      reader: {
        ...unasked,
        price: (request) => this.#asked(price(request)),
        recall: (request) => this.#asked(recall(request)),
        asked: (request) => this.#asked(asked(request)),
        recent: async (request) => this.#recent(request),
        read: (request) => this.#read(request),
      },
      ...surroundings,
      git: (args, cwd) => this.#asked(git(args, cwd)),
      sshHost: async (name) => this.#asked(Promise.resolve(sshHost?.(name))),
      ghVersion: () => this.#asked(ghVersion()),
      ...(filter && { filter: (wanted: Filter) => this.#asked(filter(wanted)) }),
      // A watch would go on reading: its first reads are explained.
      sleep: () => this.#waitForEver(),
      signal,
      emit: () => undefined,
    };
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    this.#asking++;
    try {
      return await answer;
    } finally {
      this.#asking--;
    }
  }

  /** The relay is not asked for its entries: the command goes on as if it held nothing. */
  #recent(request: ReadRequest): ReadAnswer | undefined {
    const source = this.#sources.sourceOf(request);
    const kept = source.kind === "pool" ? this.#world.reads.recentHere(request, source.askerId) : undefined;
    if (kept === undefined) return undefined;
    const age = this.#ageOf(kept.createdAt);
    const freshFor = Math.max(0, (request.maxAge ?? 0) - age);
    const told = { state: "fresh", age, freshFor, reason: null, price: "kept" } as const;
    this.#reads.push({ ...named(request), kind: kept.kind, ...told });
    return { ...kept, answeredBy: "local", stale: false };
  }

  async #read(request: ReadRequest): Promise<ReadAnswer> {
    const source = this.#sources.sourceOf(request);
    if (source.kind === "none") return this.#refuse(request, source.reason);
    if (source.kind === "own") return this.#readOwn(request, source.reason);
    const resource = pooledResourceOf(request);
    if (typeof resource === "string") return this.#readOwnUnlessBarred(request, resource);
    const standing = this.#world.reads.standing(request, resource, source.askerId);
    const { kept } = standing;
    // An older answer is good enough to find the command's next reads.
    const isCut = kept?.reduced === true && !request.graphql;
    if (isCut && (await this.#standsIn())) return this.#readOwn(request, answerWasCut);
    this.#note(request, { resource, standing });
    if (isCut) throw new NativeRequired(answerWasCut);
    return kept === undefined ? this.#waitForEver() : { ...kept, answeredBy: "local", stale: false };
  }

  /** Whether the caller's own token makes reads that the pool refuses. */
  async #standsIn(): Promise<boolean> {
    return !this.#options.switches.noFallback && (await this.#asked(this.#options.own.canRead()));
  }

  async #readOwnUnlessBarred(request: ReadRequest, reason: string): Promise<ReadAnswer> {
    return (await this.#standsIn()) ? this.#readOwn(request, reason) : this.#refuse(request, reason);
  }

  #note(
    request: ReadRequest,
    { resource, standing }: { readonly resource: Resource; readonly standing: Standing },
  ): void {
    const { kept, usable } = standing;
    const pushed = usable === "live" && this.#sources.isPushed(request);
    const reason = pushed ? null : this.#whyLive(standing, request);
    this.#reads.push({
      ...named(request),
      kind: resource.kind,
      state: pushed ? "pushed" : states[usable],
      age: kept === undefined ? null : this.#ageOf(kept.createdAt),
      // A read that is still fresh has some of its lifetime left.
      freshFor: usable === "fresh" && kept ? Math.ceil((kept.freshUntil - this.#world.now()) / 1000) : null,
      reason,
      price: priceOf(standing),
    });
  }

  /** In seconds. */
  #ageOf(time: number): number {
    return Math.max(0, Math.round((this.#world.now() - time) / 1000));
  }

  #whyLive({ usable, notBefore }: Standing, { maxAge, since }: ReadRequest): string | null {
    if (usable === "live" && (since || notBefore !== undefined)) return "it must be as new as the reads before it";
    if (usable === "live")
      return this.#options.switches.fresh ? "OCTOPOOL_FRESH is set" : "a merge or a decision may depend on it";
    if (usable === "written") return "you wrote there since";
    return usable === "too old" ? `older than the ${maxAge} s asked for` : null;
  }

  #refuse(request: ReadRequest, reason: string): never {
    const kind = kindOf(request);
    this.#reads.push({ ...named(request), kind, state: "refused", age: null, freshFor: null, reason, price: null });
    throw new NativeRequired(reason);
  }

  async #readOwn(request: ReadRequest, reason: string): Promise<ReadAnswer> {
    const { own, known } = this.#options;
    if (!(await this.#asked(own.canRead(request.host)))) {
      if (request.host) return this.#refuse(request, `${reason}, and gh has no token that could be used here`);
      return this.#refuse(request, known === undefined ? "not logged in" : reason);
    }
    const [kept, price] = await this.#asked(
      Promise.all([own.held(request), own.price(request)]).catch(() => [undefined, "paid" as const] as const),
    );
    const age = kept === undefined ? null : this.#ageOf(kept.confirmedAt);
    this.#reads.push({ ...named(request), kind: kindOf(request), state: "own", age, freshFor: null, reason, price });
    if (kept === undefined) return this.#waitForEver();
    return { ...kept, answeredBy: "github", stale: false, createdAt: kept.confirmedAt, own: true };
  }

  #waitForEver(): Promise<never> {
    this.#lookWhetherItMoves();
    return new Promise((_resolve, reject) => {
      if (this.#stop.signal.aborted) reject(new NativeRequired("not asked"));
      this.#stop.signal.addEventListener("abort", () => reject(new NativeRequired("not asked")), { once: true });
    });
  }

  /** Two rounds of the event loop without a new read and without git: only answers would let it go on. */
  #lookWhetherItMoves(): void {
    if (this.#looking) return;
    this.#looking = true;
    let [seen, quiet] = [this.#reads.length, 0];
    const look = () => {
      const moved = this.#asking > 0 || this.#reads.length > seen;
      seen = this.#reads.length;
      quiet = moved ? 0 : quiet + 1;
      if (quiet > 2) this.#stop.abort();
      else setImmediate(look);
    };
    setImmediate(look);
  }
}

/** A watch that waits has printed, and so was not refused: it is a read of unknown length. */
function isWhole(outcome: Outcome): boolean {
  return outcome.kind === "done";
}

function named({ path, query = [], graphql }: ReadRequest): { readonly path: string; readonly query: string } {
  // Names of fields only: the caller's own text is not shown.
  if (graphql) return { path: `${path} ${graphql.read.owner}/${graphql.read.name} ${graphql.read.shape}`, query: "" };
  return { path, query: query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&") };
}

function kindOf(request: ReadRequest): ExplainedRead["kind"] {
  return resourceOf(request)?.kind ?? null;
}
