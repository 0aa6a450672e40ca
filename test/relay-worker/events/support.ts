/** GitHub's deliveries, and machines that listen. */
import { env } from "cloudflare:workers";
import type { Family } from "../../../shared/events/families.ts";
import { type RelayMessage, relayMessageSchema } from "../../../shared/events/protocol.ts";
import { TestRelay } from "../support/relay.ts";

export const secret = "It's a Secret to Everybody";

interface DeliveryOptions {
  readonly guid?: string;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

let deliveries = 0;

async function sign(key: string, body: string): Promise<string> {
  const raw = new TextEncoder().encode(key);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(body)));
  return `sha256=${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export async function deliver(
  relay: TestRelay,
  event: string,
  payload: unknown,
  options: DeliveryOptions = {},
): Promise<Response> {
  const body = JSON.stringify(payload);
  deliveries += 1;
  return relay.fetch("/v1/hooks/github", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": options.guid ?? `delivery-${deliveries}`,
      "x-hub-signature-256": await sign(options.secret ?? secret, body),
      ...options.headers,
    },
  });
}

export const repository = { full_name: "Acme/Widgets", private: false, default_branch: "main" };

export function pullEvent(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { action: "closed", repository, pull_request: { number }, ...more };
}

/** A relay that takes events. */
export async function eventRelay(vars: Record<string, unknown> = {}): Promise<TestRelay> {
  const relay = await TestRelay.create({ OCTOPOOL_WEBHOOK_SECRET: secret, ...vars });
  relay.github.public("acme/widgets");
  return relay;
}

/** An event of each family that vouches, about nothing that a test reads: they are heard. */
export async function hearAll(relay: TestRelay, { late = 0 }: { readonly late?: number } = {}): Promise<void> {
  const when = new Date(Date.now() - late).toISOString();
  const state = { status: "completed", conclusion: "success", head_sha: "f".repeat(40) };
  const pull = { number: 999, updated_at: when, state: "open", merged: false, head: { sha: "f".repeat(40) } };
  await deliver(relay, "pull_request", { action: "edited", repository, pull_request: pull });
  await deliver(relay, "check_run", {
    ...{ action: "completed", repository },
    check_run: { ...state, id: 999, completed_at: when },
  });
  await deliver(relay, "workflow_run", {
    ...{ action: "completed", repository },
    workflow_run: { ...state, id: 999, run_attempt: 1, updated_at: when },
  });
}

/** GitHub's list of deliveries agrees with the taken ones. */
export const agree = (blind: readonly Family[] = []) =>
  eventsStub().compare({ deliveries: [], whole: true, blind: [...blind] });

export const eventsStub = () => env.EVENTS.get(env.EVENTS.idFromName("events"));

/** A machine's socket, message by message. */
export class Ear {
  readonly socket: WebSocket;
  readonly #heard: (RelayMessage | string)[] = [];
  readonly #waiting: (() => void)[] = [];
  closed: { readonly code: number } | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const text = String(data);
      this.#heard.push(text.startsWith("{") ? relayMessageSchema.parse(JSON.parse(text)) : text);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.addEventListener("close", ({ code }) => {
      this.closed = { code };
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.accept();
  }

  static async open(relay: TestRelay, token = relay.token): Promise<Ear> {
    const response = await Ear.ask(relay, token);
    if (!response.webSocket) throw new Error(`no socket: ${response.status} ${await response.text()}`);
    return new Ear(response.webSocket);
  }

  static ask(relay: TestRelay, token: string, pool = "maintainers"): Promise<Response> {
    const headers = { upgrade: "websocket", authorization: `Bearer ${token}` };
    return relay.fetch(`/v1/events?pool=${pool}`, { headers });
  }

  async next(): Promise<RelayMessage | string> {
    for (;;) {
      const message = this.#heard.shift();
      if (message !== undefined) return message;
      if (this.closed) return `closed ${this.closed.code}`;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Sends the list, and waits for the relay's reply. */
  async watch(repos: readonly string[], resume: { epoch?: string; since?: number } = {}) {
    this.socket.send(JSON.stringify({ t: "watch", repos, ...resume }));
    const said = await this.next();
    if (typeof said === "string" || said.t !== "state") throw new Error(`not a state: ${JSON.stringify(said)}`);
    return said;
  }
}
