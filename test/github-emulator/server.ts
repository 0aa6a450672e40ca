import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { handleControl } from "./control-http.ts";
import { answerElsewhere, type Elsewhere } from "./elsewhere.ts";
import { GitHubEngine } from "./engine.ts";
import type { EtagScheme } from "./etags.ts";
import type { HookOptions } from "./hooks/deliveries.ts";
import { Recordings } from "./recorded.ts";
import type { Outgoing } from "./wire.ts";
import { setAppKeys } from "./world/app-keys.ts";
import { buildWorld } from "./world/build.ts";
import type { World } from "./world/model.ts";
import type { WorldFile } from "./world/schema.ts";

export interface GitHubOptions {
  /** A world as in a world file; absent: an empty one, which with `recorded` accepts any token. */
  world?: WorldFile | undefined;
  /** Path of a recorded-exchanges file (`.jsonl`). */
  recorded?: string | undefined;
  /** TCP port on 127.0.0.1; 0 chooses one; absent: 0 unless there is a socket. */
  port?: number | undefined;
  /** Path of a unix socket to listen on as well. */
  socket?: string | undefined;
  /** Milliseconds since 1970; by default the real clock. */
  now?: (() => number) | undefined;
  /** PEM public keys of the world's Apps by slug; they override the world's own. */
  appKeys?: Record<string, string> | undefined;
  /** Secondary limit: points a minute and user (900 at GitHub). Absent: only 100 concurrent requests are enforced. */
  pointsPerMinute?: number | undefined;
  /** How validators are made; GitHub's own way by default. */
  etags?: EtagScheme | undefined;
  /** Where events are delivered, and their losses on the way. */
  hooks?: HookOptions | undefined;
  /** Milliseconds by which reads over REST lag behind writes and events. */
  replicaLag?: number | undefined;
  /** Other hosts that are reached by the same addresses. */
  elsewhere?: Elsewhere | undefined;
}

/** A running GitHub. */
export interface GitHub extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or an empty string without TCP. */
  url: string;
  socket: string | undefined;
  engine: GitHubEngine;
  /** Calls, delays, holds and faults. */
  control: GitHubEngine["control"];
  /** The world as it is now; change it through `mutate`. */
  world(): World;
  /** Changes the world, as another user on GitHub would. */
  mutate(change: (world: World) => void): void;
  close(): Promise<void>;
}

const guestWorld: WorldFile = { users: [{ login: "octocat" }] };

/** Starts the emulator. Resolves once it listens. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const recorded = options.recorded === undefined ? undefined : Recordings.load(options.recorded);
  const world = buildWorld(options.world ?? guestWorld);
  setAppKeys(world, options.appKeys ?? {});
  const engine = new GitHubEngine({
    world,
    recorded,
    now: options.now ?? Date.now,
    anyToken: options.world === undefined,
    pointsPerMinute: options.pointsPerMinute,
    etags: options.etags,
    hooks: options.hooks,
    replicaLag: options.replicaLag,
  });
  const servers: Server[] = [];
  const open = async (listen: (server: Server) => void): Promise<Server> => {
    const server = createServer((request, response) => void answer(engine, options.elsewhere ?? {}, request, response));
    servers.push(server);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.once("listening", resolve);
    listen(server);
    await promise;
    return server;
  };
  const { socket } = options;
  let url = "";
  if (options.port !== undefined || socket === undefined) {
    const server = await open((each) => each.listen(options.port ?? 0, "127.0.0.1"));
    url = `http://127.0.0.1:${portOf(server.address())}`;
  }
  if (socket !== undefined) {
    await open((each) => each.listen(socket));
    chmodSync(socket, 0o600);
  }
  const close = async (): Promise<void> => {
    engine.control.reset();
    await Promise.all(servers.map((server) => closed(server)));
    if (socket !== undefined) rmSync(socket, { force: true });
  };
  return {
    url,
    socket,
    engine,
    control: engine.control,
    world: () => engine.world,
    mutate: (change) => {
      change(engine.world);
      engine.changed();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no TCP address");
  return address.port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
}

async function answer(
  engine: GitHubEngine,
  elsewhere: Elsewhere,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await read(request);
    const url = request.url ?? "/";
    const headers = flatten(request);
    const incoming = {
      method: request.method ?? "GET",
      url,
      headers,
      body,
      address: headers["x-forwarded-for"] ?? request.socket.remoteAddress ?? "127.0.0.1",
    };
    const outgoing = url.startsWith("/_emulator")
      ? await handleControl(engine, incoming)
      : await (answerElsewhere(elsewhere, incoming) ?? engine.handle(incoming));
    if (outgoing === null) return void request.socket.destroy();
    send(response, outgoing);
  } catch (error) {
    process.stderr.write(
      `github-emulator: ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    send(response, {
      status: 500,
      headers: { "content-type": "application/json" },
      body: Buffer.from('{"message":"Server Error"}'),
    });
  }
}

function send(response: ServerResponse, { status, headers, body }: Outgoing): void {
  const empty = status === 304 || status === 204;
  response.writeHead(status, empty ? headers : { "content-length": String(body.length), ...headers });
  response.end(empty ? undefined : body);
}

function flatten(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return headers;
}

async function read(request: IncomingMessage): Promise<string> {
  if (request.method === "GET" || request.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
