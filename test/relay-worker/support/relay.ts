/** The Worker under test, with its own clock, GitHub and memory; storage is the suite's, emptied before each test. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as suiteEnv } from "cloudflare:workers";
import { vi } from "vitest";
import { RelayMemory } from "../../../relay-worker/memory.ts";
import { createWorker } from "../../../relay-worker/worker.ts";
import { relayEnvelopeSchema } from "../../../shared/envelope.ts";
import { FakeGitHub } from "./github.ts";
import { emptyStorage } from "./storage.ts";
import { currentTables, emptyTables, makeTables, type Tables } from "./tables.ts";

/** All tests begin at this moment. */
export const startOfTime = Date.parse("2026-03-01T12:00:00Z");

export interface WorkerReadOptions {
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly token?: string;
  readonly pool?: string;
  readonly method?: string;
  readonly hint?: string;
  readonly notBefore?: number;
  /** Others decide by it: with the bound that asks GitHub, and the word that events may vouch. */
  readonly gate?: boolean;
}

export interface WorkerAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Of every test's relay, as the operator's requests have made it once: to make it anew took a third of each test. */
let beginning: { readonly tables: Tables; readonly token: string } | undefined;

export class TestRelay {
  readonly github: FakeGitHub;
  readonly memory: RelayMemory;
  readonly env: Cloudflare.Env;
  readonly #worker: ReturnType<typeof createWorker>;
  token = "";

  private constructor(env: Cloudflare.Env, github: FakeGitHub) {
    this.env = env;
    this.github = github;
    this.memory = new RelayMemory();
    this.#worker = createWorker({
      clock: () => Date.now(),
      memory: this.memory,
      fetch: github.fetch,
      pause: () => Promise.resolve(),
    });
  }

  /** Empty storage, the clock at {@link startOfTime}, a pool `maintainers` with one PAT, and one caller. */
  static async create(vars: Record<string, unknown> = {}): Promise<TestRelay> {
    vi.useFakeTimers({ toFake: ["Date"], now: startOfTime });
    await emptyStorage();
    const relay = new TestRelay({ ...suiteEnv, ...vars }, new FakeGitHub());
    if (beginning) {
      await makeTables(beginning.tables);
      relay.token = beginning.token;
      return relay;
    }
    await makeTables(emptyTables());
    await relay.identity({ id: "pat_one" });
    relay.token = (await relay.caller("mona")).token;
    beginning = { tables: await currentTables(), token: relay.token };
    return relay.sibling();
  }

  /** Another isolate of the same relay: same storage and GitHub, nothing in memory. */
  sibling(vars: Record<string, unknown> = {}): TestRelay {
    const relay = new TestRelay({ ...this.env, ...vars }, this.github);
    relay.token = this.token;
    return relay;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const ctx = createExecutionContext();
    const url = path.startsWith("http") ? path : `https://relay.test${path}`;
    const response = await this.#worker.fetch(new Request(url, { redirect: "manual", ...init }), this.env, ctx);
    await waitOnExecutionContext(ctx);
    return response;
  }

  async ask(path: string, init: RequestInit = {}): Promise<WorkerAnswer> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : parse(text) };
  }

  admin(path: string, method = "GET", body?: unknown): Promise<WorkerAnswer> {
    const headers: Record<string, string> = { authorization: "Bearer admin-secret" };
    if (body === undefined) return this.ask(`/v1/admin${path}`, { method, headers });
    headers["content-type"] = "application/json";
    return this.ask(`/v1/admin${path}`, { method, headers, body: JSON.stringify(body) });
  }

  async identity(identity: Record<string, unknown>, pool = "maintainers"): Promise<WorkerAnswer> {
    return this.admin(`/pools/${pool}/identities`, "POST", {
      kind: "pat",
      login: "bot-one",
      secret_ref: "PAT_ONE",
      scopes: [{ owner: "*" }],
      ...identity,
    });
  }

  async caller(login: string, options: { pool?: string; name?: string } = {}): Promise<{ id: string; token: string }> {
    const { body } = await this.admin("/callers", "POST", { pool: "maintainers", github_login: login, ...options });
    const created = body as { caller: { id: string }; token: string };
    return { id: created.caller.id, token: created.token };
  }

  /** `POST /v1/github/request` as it comes back. */
  request(path: string, options: WorkerReadOptions = {}): Promise<Response> {
    const { token = this.token, pool = "maintainers", method = "GET", query, hint, notBefore, gate } = options;
    const headers = gate ? { "cache-control": "max-age=0", ...options.headers } : options.headers;
    return this.fetch("/v1/github/request", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ pool, method, path, query, headers, route_hint: hint, not_before: notBefore, gate }),
    });
  }

  /** A read whose caller goes away at once; returns the work that the runtime is asked to finish all the same. */
  abandoned(path: string): readonly Promise<unknown>[] {
    const kept: Promise<unknown>[] = [];
    const ctx = createExecutionContext();
    ctx.waitUntil = (promise) => void kept.push(promise);
    const body = JSON.stringify({ pool: "maintainers", method: "GET", path });
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const request = new Request("https://relay.test/v1/github/request", { method: "POST", headers, body });
    void this.#worker.fetch(request, this.env, ctx);
    return kept;
  }

  /** A read that the relay answers. */
  async read(path: string, options: WorkerReadOptions = {}) {
    const response = await this.request(path, options);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the relay answered ${response.status}: ${text}`);
    return relayEnvelopeSchema.parse(JSON.parse(text));
  }

  /** A read that the relay refuses: `status code[ reason]`. */
  async refusal(path: string, options: WorkerReadOptions = {}): Promise<string> {
    const response = await this.request(path, options);
    const { error } = (await response.json()) as { error?: { code: string; details?: { reason?: string } } };
    if (!error) return `${response.status} answered`;
    return [response.status, error.code, error.details?.reason].filter((part) => part !== undefined).join(" ");
  }

  scheduled(cron = "17 * * * *"): Promise<void> {
    const controller = { scheduledTime: Date.now(), cron, noRetry() {} } as ScheduledController;
    return this.#worker.scheduled(controller, this.env);
  }
}

/** Moves the one clock that the Worker and its Durable Object read. */
export function advance(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
