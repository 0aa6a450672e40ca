import { randomUUID } from "node:crypto";
import { Authenticator, type Viewer } from "./auth.ts";
import { type BudgetName, budgetHeaders, EmulatedBudgets, resourceOf } from "./budgets.ts";
import { Control } from "./control.ts";
import { Dispatcher } from "./dispatch.ts";
import { type EtagScheme, isFresh } from "./etags.ts";
import { handleGraphql, rateLimited, viewerOf } from "./graphql/index.ts";
import { Changes } from "./hooks/changes.ts";
import { type HookOptions, Hooks } from "./hooks/deliveries.ts";
import { Replicas } from "./hooks/replicas.ts";
import { type ApiCall, type ApiReply, failure } from "./http.ts";
import { parseMedia } from "./media.ts";
import type { Recorded, Recordings } from "./recorded.ts";
import { RenderedAnswers } from "./rendered.ts";
import { exhausted, rateLimitBody, scopeHeaders, tooMany, varyHeader } from "./replies.ts";
import { serveSigned } from "./rest/signed.ts";
import { SecondaryLimits } from "./secondary.ts";
import { isWeb, Web } from "./web.ts";
import { finish, type Incoming, nameOf, type Outgoing, parseBody } from "./wire.ts";
import { instantOf } from "./world/context.ts";
import type { World } from "./world/model.ts";

interface EngineOptions {
  world: World;
  recorded: Recordings | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Any token counts as a user's: for recordings without a world. */
  anyToken: boolean;
  /** Points a minute and user before the secondary limit; absent: only the 100 concurrent requests are limited. */
  pointsPerMinute: number | undefined;
  /** How validators are made; GitHub's own way by default. */
  etags?: EtagScheme | undefined;
  /** Where events are delivered; absent: nowhere. */
  hooks?: HookOptions | undefined;
  /** Milliseconds by which reads over REST lag behind writes and events. */
  replicaLag?: number | undefined;
}

/** GitHub without its sockets: takes a request, gives an answer, and counts. */
export class GitHubEngine {
  readonly control = new Control();
  readonly budgets: EmulatedBudgets;
  readonly authenticator: Authenticator;
  readonly secondary: SecondaryLimits;
  readonly hooks: Hooks;
  readonly replicas: Replicas;
  readonly #changes = new Changes();
  world: World;
  readonly #options: EngineOptions;
  readonly #dispatcher: Dispatcher;
  readonly #web = new Web();
  readonly #rendered: RenderedAnswers;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.world = options.world;
    this.#rendered = new RenderedAnswers(options.etags ?? "github");
    this.budgets = new EmulatedBudgets(() => this.world, options.now);
    this.authenticator = new Authenticator(() => this.world, options.now, options.anyToken);
    this.secondary = new SecondaryLimits(options.now, options.pointsPerMinute);
    this.hooks = new Hooks(options.hooks);
    this.replicas = new Replicas(options.now);
    this.#dispatcher = new Dispatcher({
      issue: (token) => this.authenticator.installationTokens.set(token.token, token),
      now: options.now,
      hooks: this.hooks,
    });
    if (options.hooks) this.#changes.look(this.world);
    this.lag(options.replicaLag ?? 0);
  }

  /** From now on events go there. */
  deliverTo(hooks: HookOptions): void {
    if (!this.hooks.options) this.#changes.look(this.world);
    this.hooks.options = hooks;
  }

  /** From now on reads over REST see the world of so many milliseconds ago. */
  lag(milliseconds: number): void {
    this.replicas.lagMs = milliseconds;
    this.replicas.remember(this.world);
  }

  /** After every change to the world: forgets rendered answers, and tells of it. */
  changed(): void {
    this.#rendered.clear();
    this.replicas.remember(this.world);
    if (this.hooks.options) this.hooks.deliver(this.#changes.look(this.world));
  }

  /** Answers a request; `null` means: close the connection without an answer. */
  async handle(incoming: Incoming): Promise<Outgoing | null> {
    const url = new URL(incoming.url, "http://github.invalid");
    const host = (incoming.headers["x-forwarded-host"] ?? incoming.headers.host ?? "")
      .replace(/:\d+$/, "")
      .toLowerCase();
    const nowSeconds = this.#options.now() / 1000;
    if (url.pathname.startsWith("/_signed/"))
      return finish(serveSigned(this.world, url.pathname, url.searchParams, nowSeconds));
    if (isWeb(host, url.pathname)) return this.#answerWeb(incoming, url, host);
    return this.#answerApi(incoming, url);
  }

  async #answerWeb(incoming: Incoming, url: URL, host: string): Promise<Outgoing | null> {
    const { method } = incoming;
    const subject = { method, path: url.pathname, token: "" };
    if (!this.control.idle) await this.control.wait(subject);
    const fault = this.control.takeFault(subject);
    const count = (status: number) =>
      this.control.count({
        method,
        path: url.pathname,
        query: url.search,
        route: "web",
        viewer: "web",
        status,
        resource: "web",
        conditional: incoming.headers["if-none-match"] !== undefined,
      });
    if (fault?.kind === "drop") {
      count(0);
      return null;
    }
    const query = url.searchParams;
    const body = parseBody(incoming);
    const reply =
      fault?.kind === "status"
        ? { status: fault.status, body: "Unavailable", type: "text/plain" }
        : this.#web.handle({
            world: this.world,
            method,
            host,
            path: url.pathname,
            query,
            body,
            accept: incoming.headers.accept ?? "",
          });
    count(reply.status);
    return finish(reply);
  }

  async #answerApi(incoming: Incoming, url: URL): Promise<Outgoing | null> {
    const { method, headers } = incoming;
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, "") : "/";
    const resource = resourceOf(path);
    const { viewer, bad } = this.authenticator.authenticate(headers.authorization, incoming.address);
    const subject = { method, path, token: viewer.key };
    let route = "unknown";
    const done = (outgoing: Outgoing): Outgoing => {
      this.control.count({
        method,
        path,
        query: url.search,
        route,
        viewer: nameOf(viewer),
        status: outgoing.status,
        resource,
        conditional: headers["if-none-match"] !== undefined,
      });
      return outgoing;
    };
    const fault = this.control.takeFault(subject);
    if (fault?.kind === "drop") {
      await this.control.wait(subject);
      done({ status: 0, headers: {}, body: Buffer.alloc(0) });
      return null;
    }
    const room = this.secondary.begin(viewer);
    try {
      if (!room) return done(this.#error(viewer, resource, tooMany(60)));
      if (!this.control.idle) await this.control.wait(subject);
      if (fault?.kind === "status") return done(this.#error(viewer, resource, failure(fault.status, "Server Error")));
      if (fault?.kind === "secondary") return done(this.#error(viewer, resource, tooMany(fault.retryAfter)));
      if (bad) return done(this.#spendError(viewer, resource, failure(401, bad)));
      if (path === "/rate_limit") {
        route = "GET /rate_limit";
        return done(this.#error(viewer, resource, { status: 200, body: rateLimitBody(this.budgets, viewer) }));
      }
      if (path === "/graphql" && method === "POST") {
        route = "POST /graphql";
        return done(await this.#graphql(viewer, incoming.body));
      }
      if (!this.budgets.spend(viewer, resource)) return done(this.#error(viewer, resource, exhausted(viewer)));
      if (!this.secondary.charge(viewer, method)) return done(this.#error(viewer, resource, tooMany(60)));
      const recorded =
        method === "GET" || method === "HEAD" ? this.#options.recorded?.find(path, url.searchParams) : undefined;
      if (recorded) {
        route = recorded.standIn ? "stand-in" : "recorded";
        return done(this.#answerRecorded(recorded, viewer, resource, incoming));
      }
      const call = this.#call(incoming, url, path, viewer);
      const dispatched = this.#dispatcher.dispatch(call);
      route = dispatched.route;
      return done(this.#answer(call, dispatched.run, resource));
    } finally {
      this.secondary.end(viewer);
    }
  }

  #call(incoming: Incoming, url: URL, path: string, viewer: Viewer): ApiCall {
    const host = incoming.headers.host ?? "api.github.com";
    const reads = incoming.method === "GET" || incoming.method === "HEAD";
    return {
      world: (reads ? this.replicas.seen : undefined) ?? this.world,
      viewer,
      method: incoming.method,
      path,
      params: {},
      query: url.searchParams,
      media: parseMedia(incoming.headers.accept),
      headers: incoming.headers,
      body: parseBody(incoming),
      origin: host.endsWith("github.com") ? "https://api.github.com" : `http://${host}`,
      now: instantOf(this.#options.now()),
    };
  }

  #answer(call: ApiCall, run: () => ApiReply, resource: BudgetName): Outgoing {
    const isCurrent = call.world === this.world;
    const rendered = isCurrent ? this.#rendered.answer(call, run) : this.#rendered.once(call, run);
    const wrote = call.method !== "GET" && call.method !== "HEAD" && rendered.status < 300;
    if (wrote) this.changed();
    const fresh = rendered.etag !== undefined && isFresh(call.headers, rendered.etag, rendered.modified);
    if (fresh && call.viewer.kind !== "anonymous") this.budgets.refund(call.viewer, resource);
    const headers = { ...this.#common(call.viewer, resource), ...rendered.headers };
    if (!fresh && call.method === "HEAD") {
      const length = { "content-length": String(rendered.body.length) };
      return { status: rendered.status, headers: { ...headers, ...length }, body: Buffer.alloc(0) };
    }
    if (!fresh) return { status: rendered.status, headers, body: rendered.body };
    const { "content-type": _type, link: _link, ...kept } = headers;
    return { status: 304, headers: kept, body: Buffer.alloc(0) };
  }

  #answerRecorded(recorded: Recorded, viewer: Viewer, resource: BudgetName, incoming: Incoming): Outgoing {
    const { etag } = recorded.headers;
    const fresh = etag !== undefined && recorded.status === 200 && isFresh(incoming.headers, etag, undefined);
    if (fresh && viewer.kind !== "anonymous") this.budgets.refund(viewer, resource);
    const own = Object.entries(recorded.headers).filter(
      ([name]) => !/^(x-ratelimit-|date$|content-length$|transfer-encoding$|content-encoding$|connection$)/.test(name),
    );
    const headers = { ...this.#common(viewer, resource), ...Object.fromEntries(own) };
    const empty = fresh || incoming.method === "HEAD";
    return { status: fresh ? 304 : recorded.status, headers, body: empty ? Buffer.alloc(0) : recorded.body };
  }

  async #graphql(viewer: Viewer, body: string): Promise<Outgoing> {
    const { status, headers, body: bytes } = await this.#graphqlReply(viewer, body);
    return {
      status,
      headers: { ...this.#common(viewer, "graphql"), ...headers, "x-github-media-type": "github.v4; format=json" },
      body: bytes,
    };
  }

  async #graphqlReply(viewer: Viewer, body: string): Promise<Outgoing> {
    if (viewer.kind === "anonymous" || viewer.kind === "app") {
      return finish({
        status: 403,
        body: {
          message: "This endpoint requires you to be authenticated.",
          documentation_url:
            "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql",
          status: "403",
        },
      });
    }
    if (this.budgets.state(viewer, "graphql").remaining <= 0) {
      return finish({ status: 200, body: rateLimited(viewer.kind === "user" ? viewer.account.id : undefined) });
    }
    const before = this.#options.now();
    const answer = await handleGraphql(viewerOf(this.world, viewer, before), body);
    this.budgets.spend(viewer, "graphql", Math.min(answer.cost, this.budgets.state(viewer, "graphql").remaining));
    if (/^\s*(?:mutation|\{"query":"mutation)/.test(body)) this.changed();
    return finish({ status: answer.status, body: answer.body });
  }

  #spendError(viewer: Viewer, resource: BudgetName, reply: ApiReply): Outgoing {
    this.budgets.spend(viewer, resource);
    return this.#error(viewer, resource, reply);
  }

  #error(viewer: Viewer, resource: BudgetName, reply: ApiReply): Outgoing {
    const { status, headers, body } = finish(reply);
    return { status, headers: { ...this.#common(viewer, resource), ...headers }, body };
  }

  #common(viewer: Viewer, resource: BudgetName): Record<string, string> {
    return {
      "content-type": "application/json; charset=utf-8",
      vary: viewer.kind === "anonymous" ? "Accept,Accept-Encoding, Accept, X-Requested-With" : varyHeader,
      ...scopeHeaders(viewer),
      "x-github-api-version-selected": "2022-11-28",
      ...budgetHeaders(this.budgets.state(viewer, resource)),
      "x-github-request-id": randomUUID().slice(0, 23).toUpperCase().replaceAll("-", ":"),
      server: "github.com",
    };
  }
}
