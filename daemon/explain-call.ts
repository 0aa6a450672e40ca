/**
 * Tells what would happen to a command, without running it. The engine runs as always, on a reader that answers from
 * memory alone and writes down what it is asked; where the memory has nothing, the command waits for ever, and is given
 * up once nothing moves any more.
 */
import { vouchersOf } from "../shared/events/gates.ts";
import type { ExplainedRead, Explanation, Price } from "../shared/explanation.ts";
import { type Resource, resourceOf } from "./cache/resource.ts";
import type { Kept } from "./cache/store.ts";
import { type LocalUsability, usability } from "./cache/usable.ts";
import type { EngineDependencies, Invocation, Outcome } from "./gh/engine.ts";
import type { Host } from "./hosts.ts";
import { machineOf } from "./machine.ts";
import type { PersonalAccess } from "./personal/access.ts";
import { type PreparedCall, prepareCall } from "./prepare-call.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "./reader.ts";
import type { World } from "./world.ts";

/** @throws OctopoolError when the settings cannot be read. */
export async function explainCall(world: World, invocation: Invocation, token?: string): Promise<Explanation> {
  let prepared: PreparedCall;
  try {
    prepared = await prepareCall(world, invocation, token);
  } catch (error) {
    if (error instanceof NativeRequired) return native(invocation, error.reason);
    throw error;
  }
  const { known, switches } = prepared;
  const own = world.personal.access(invocation.env, {});
  const build = await world.ghVersions.buildOf(invocation.env);
  const proofs = await world.proofs.get();
  const judgement = proofs.judge(invocation, build);
  if (judgement.kind !== "serve") return native(invocation, judgement.reason);
  const askerId = known?.id;
  const standsIn = !switches.noFallback && (await own.canRead());
  const dryRun = new DryRun(world, { askerId, fresh: switches.fresh, own, standsIn });
  const explanation = await dryRun.explain(invocation);
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
const states: Readonly<Record<LocalUsability, ExplainedRead["state"]>> = {
  fresh: "fresh",
  absent: "unknown",
  expired: "expired",
  live: "live",
  written: "live",
  changed: "expired",
  "too old": "live",
};

interface DryRunOptions {
  /** Undefined: the caller has not logged in to a relay. */
  readonly askerId: string | undefined;
  readonly fresh: boolean;
  readonly own: Pick<PersonalAccess, "canRead" | "held" | "price" | "asked">;
  /** Reads of github.com that the pool cannot serve use the caller's own token. */
  readonly standsIn: boolean;
}

class DryRun {
  readonly #world: World;
  readonly #options: DryRunOptions;
  readonly #reads: ExplainedRead[] = [];
  readonly #stop = new AbortController();
  /** Questions to other programs under way: the command may still move. */
  #asking = 0;
  #looking = false;

  constructor(world: World, options: DryRunOptions) {
    this.#world = world;
    this.#options = options;
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
    const { now } = this.#world;
    const { signal } = this.#stop;
    const { git, sshHost, ...machine } = machineOf(invocation, signal);
    return {
      reader: {
        read: (request) => this.#read(request),
        listed: (request) => this.#listed(request),
        isOwn: (request) => this.#isOwn(request),
        price: (request) => this.#price(request),
        asked: (request) => this.#asked(this.#options.own.asked(request).catch(() => 0)),
        recall: (request) => this.#recall(request),
      },
      now,
      ...machine,
      git: (args, cwd) => this.#asked(git(args, cwd)),
      sshHost: async (name) => this.#asked(Promise.resolve(sshHost?.(name))),
      ghVersion: () => this.#asked(this.#world.ghVersions.of(invocation.env)),
      // A watch would go on reading: what it reads first is what is explained.
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

  /** Given from a list as when the command runs. */
  async #listed(request: ReadRequest): Promise<ReadAnswer | undefined> {
    const { askerId } = this.#options;
    return askerId === undefined ? undefined : this.#world.reads.listed(request, askerId);
  }

  /** Whether it would be read with the caller's own token. */
  #isOwn(request: ReadRequest): boolean {
    const { askerId, standsIn } = this.#options;
    return (
      request.host !== undefined || (standsIn && this.#refusal(request, resourceOf(request), askerId) !== undefined)
    );
  }

  async #price(request: ReadRequest): Promise<Price> {
    const { askerId, own } = this.#options;
    if (this.#isOwn(request)) return this.#asked(own.price(request).catch(() => "shared" as const));
    return askerId === undefined ? "shared" : this.#world.reads.price(request, askerId);
  }

  async #recall(request: ReadRequest) {
    const { askerId, own } = this.#options;
    if (this.#isOwn(request)) return this.#asked(own.held(request).catch(() => undefined));
    return askerId === undefined ? undefined : this.#world.reads.held(request, askerId);
  }

  async #read(request: ReadRequest): Promise<ReadAnswer> {
    const resource = resourceOf(request);
    if (request.host) return this.#readElsewhere(request, resource, request.host);
    const { askerId } = this.#options;
    const refusal = this.#refusal(request, resource, askerId);
    if (resource === undefined || askerId === undefined || refusal !== undefined) {
      const reason = refusal ?? "route_denied";
      return this.#options.standsIn && !request.graphql
        ? this.#readOwn(request, resource, reason)
        : this.#refuse(request, resource, reason);
    }
    const kept = this.#world.store.get(`${askerId} ${resource.key}`);
    if (kept?.reduced && this.#options.standsIn)
      return this.#readOwn(request, resource, "the answer was cut for everybody");
    this.#note(request, resource, kept);
    // An older answer is as good a guess as any at what the command would ask next.
    if (kept?.reduced) throw new NativeRequired("the answer was cut for everybody");
    return kept === undefined ? this.#waitForEver() : { ...kept, answeredBy: "local", stale: false };
  }

  /** The pool is not asked there. */
  async #readElsewhere(request: ReadRequest, resource: Resource | undefined, host: Host): Promise<ReadAnswer> {
    const canRead = !request.graphql && (await this.#asked(this.#options.own.canRead(host)));
    return canRead
      ? this.#readOwn(request, resource, `it is on ${host.name}`)
      : this.#refuse(
          request,
          resource,
          `it is on ${host.name}, and ${request.graphql ? "asks by GraphQL" : "gh has no token that could be used here"}`,
        );
  }

  #note(request: ReadRequest, { kind, repository, tags }: Resource, kept: Kept | undefined): void {
    const { freshness, now } = this.#world;
    const time = now();
    const { maxAge } = request;
    const heardAt = freshness.heard.at(this.#options.askerId ?? "", repository, kept?.tags ?? tags);
    const writtenAt = freshness.writtenAt(repository, kind, tags);
    const usable = usability(kept, { maxAge, writtenAt, heardAt, now: time });
    const pushed = usable === "live" && this.#isPushed(request, { kind, repository });
    const reason = pushed ? null : this.#whyLive(usable, maxAge);
    this.#reads.push({
      ...named(request),
      kind,
      state: pushed ? "pushed" : reason !== null ? "live" : states[usable],
      age: kept === undefined ? null : Math.max(0, Math.round((time - kept.createdAt) / 1000)),
      // A read that is still fresh has some of its lifetime left.
      freshFor: usable === "fresh" && kept ? Math.ceil((kept.freshUntil - time) / 1000) : null,
      reason,
      price: this.#world.reads.price(request, this.#options.askerId ?? ""),
    });
  }

  /** Whether the relay may answer it with what events vouch for. */
  #isPushed({ vouched }: ReadRequest, { kind, repository }: Pick<Resource, "kind" | "repository">): boolean {
    const { events, freshness } = this.#world;
    const login = this.#options.askerId ?? "";
    const families = vouched && vouchersOf(kind, events.gatesOf(login));
    if (!families || repository === undefined || freshness.writtenAt(repository, kind) > 0) return false;
    return events.hears(login, repository, families);
  }

  #whyLive(usable: LocalUsability, maxAge: number | undefined): string | null {
    if (usable === "live")
      return this.#options.fresh ? "OCTOPOOL_FRESH is set" : "a merge or a decision may depend on it";
    if (usable === "written") return "you wrote there since";
    return usable === "too old" ? `older than the ${maxAge} s asked for` : null;
  }

  /** Why the pool is not asked for this; undefined when it is. */
  #refusal({ viewer }: ReadRequest, resource: Resource | undefined, askerId: string | undefined): string | undefined {
    if (askerId === undefined && !this.#options.standsIn) return "not logged in";
    if (viewer !== undefined) return viewer;
    if (resource === undefined) return "route_denied";
    if (resource.native) return "local_credentials_required";
    if (askerId === undefined) return "not logged in";
    const hidden = resource.repository && this.#world.personal.privates.has(askerId, resource.repository);
    return hidden ? "repo_not_public" : undefined;
  }

  #refuse(request: ReadRequest, resource: Resource | undefined, reason: string): never {
    const kind = resource?.kind ?? null;
    this.#reads.push({ ...named(request), kind, state: "refused", age: null, freshFor: null, reason, price: null });
    throw new NativeRequired(reason);
  }

  async #readOwn(request: ReadRequest, resource: Resource | undefined, reason: string): Promise<ReadAnswer> {
    const { own } = this.#options;
    const time = this.#world.now();
    const [kept, price] = await this.#asked(
      Promise.all([own.held(request), own.price(request)]).catch(() => [undefined, "paid" as const] as const),
    );
    const age = kept === undefined ? null : Math.max(0, Math.round((time - kept.confirmedAt) / 1000));
    const kind = resource?.kind ?? null;
    this.#reads.push({ ...named(request), kind, state: "own", age, freshFor: null, reason, price });
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

  /** Two rounds of the event loop without a new read and without git: nothing but answers would move it on. */
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
  // Names of fields only: what the caller wrote stays with them.
  if (graphql) return { path: `${path} ${graphql.read.owner}/${graphql.read.name} ${graphql.read.shape}`, query: "" };
  return { path, query: query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&") };
}
