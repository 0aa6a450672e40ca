/**
 * The daemon's socket: its path, the check that it belongs to this user, and requests over it. The thin client's bundle
 * contains only the functions that shim/call.ts uses, which writes its request without node:http.
 */
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { directoryProblem } from "../shared/directory-problem.ts";
import { formMediaType } from "../shared/protocol.ts";
import { type RuntimePlace, runtimePaths } from "../shared/runtime-directory.ts";

/** The place of this process's daemon. */
export function placeOf(env: RuntimePlace["env"]): RuntimePlace {
  return { env, platform: process.platform, uid: process.getuid?.() ?? 0 };
}

/** The socket's path; undefined where its directory is not private to this user: the socket may be another user's. */
export function ownSocket(place: RuntimePlace): string | undefined {
  const { socket } = runtimePaths(place);
  return directoryProblem(socket.slice(0, socket.lastIndexOf("/")), place.uid) === undefined ? socket : undefined;
}

const absentCodes = ["ENOENT", "ECONNREFUSED", "ENOTDIR"];
const crowdedCodes = ["EAGAIN", "ECONNRESET", "EPIPE"];

/** No daemon listens; its queue was full, or the connection broke; or this process may not connect at all. */
type ConnectProblem = "absent" | "crowded" | "denied";

function connectProblem(code: string): ConnectProblem {
  if (absentCodes.includes(code)) return "absent";
  return crowdedCodes.includes(code) ? "crowded" : "denied";
}

interface ConnectionEvents {
  readonly connected: (socket: Socket) => void;
  readonly failed: (problem: ConnectProblem, error: NodeJS.ErrnoException) => void;
}

/** Connects to the daemon. */
export function connectDaemon(socketPath: string, { connected, failed }: ConnectionEvents): Socket {
  let isOpen = false;
  return connect(socketPath)
    .once("connect", function onConnect(this: Socket) {
      isOpen = true;
      connected(this);
    })
    .once("error", (error: NodeJS.ErrnoException) =>
      failed(isOpen ? "crowded" : connectProblem(error.code ?? ""), error),
    );
}

/** Rejects with the system's error where this process may not connect at all. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    connectDaemon(socketPath, {
      connected: (socket) => {
        socket.destroy();
        resolve(true);
      },
      failed: (problem, error) => (problem === "denied" ? reject(error) : resolve(false)),
    });
  });
}

interface DaemonAnswer {
  readonly status: number;
  readonly body: string;
}

/** A daemon answers these questions at once, unless it hangs. In milliseconds. */
const usualPatienceMs = 5_000;

/** The daemon accepted the connection and did not answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, unless the headers name another type. */
  readonly body?: string;
  /** How long the answer may take, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * One request; undefined when no daemon listens, and where the socket may belong to another user.
 * @throws NoAnswer when the daemon hangs
 */
export async function ask(
  place: RuntimePlace,
  method: "GET" | "POST",
  path: string,
  options: AskOptions = {},
): Promise<DaemonAnswer | undefined> {
  const socketPath = ownSocket(place);
  if (socketPath === undefined) return undefined;
  try {
    return await send(socketPath, method, path, options);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    return undefined;
  }
}

function send(
  socketPath: string,
  method: "GET" | "POST",
  path: string,
  { headers = {}, body, patienceMs = usualPatienceMs }: AskOptions,
): Promise<DaemonAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(Math.ceil(patienceMs));
    signal.addEventListener("abort", () => reject(new NoAnswer("the daemon does not answer")));
    const form =
      body === undefined ? {} : { "content-type": formMediaType, "content-length": String(Buffer.byteLength(body)) };
    const options = { socketPath, method, path, headers: { connection: "close", ...form, ...headers }, signal };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.once("error", reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
