/** A request passed on as it came: bytes, headers and their order; and its answer likewise. */
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { checksCertificates } from "../../shared/certificates.ts";
import { withoutHop } from "./exchange.ts";

interface Passing {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The host of the request, such as `api.github.com`; a port may follow. */
  readonly host: string;
  /** Names and values in turn, as in `rawHeaders`. */
  readonly headers: readonly string[];
  /** Absent: the request has no body. */
  readonly body?: NodeJS.ReadableStream | Buffer;
  readonly signal: AbortSignal;
}

/** Sends requests on: over TLS to the host they name, or plainly to a unix socket, as gh itself would. */
export interface Upstream {
  /** Resolves with the head of the answer; its body streams. Rejects when there is none. */
  send(passing: Passing): Promise<IncomingMessage>;
  close(): void;
}

const keepAlive = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 64, scheduling: "lifo" } as const;
const connectTimeoutMs = 10_000;

/** @param socketPath - the unix socket that the caller's settings name; empty for the network. */
export function createUpstream(socketPath: string): Upstream {
  const agent = socketPath === "" ? new Agent({ ...keepAlive, ...checksCertificates }) : new PlainAgent(keepAlive);
  return {
    send: ({ method, target, host, headers, body, signal }) => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const [hostname = "", port] = host.split(":");
      const options = { agent, method, path: target, headers: withoutHop(headers), signal, setHost: false };
      const outgoing =
        socketPath === ""
          ? request({ ...options, hostname, servername: hostname, port: port ?? 443 })
          : plainRequest({ ...options, socketPath });
      outgoing.once("socket", (socket) => {
        if (!socket.connecting) return;
        const patience = setTimeout(() => outgoing.destroy(new Error("no connection")), connectTimeoutMs);
        socket.once("connect", () => clearTimeout(patience));
        outgoing.once("close", () => clearTimeout(patience));
      });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      if (body === undefined) outgoing.end();
      else if (Buffer.isBuffer(body)) outgoing.end(body);
      else body.pipe(outgoing);
      return promise;
    },
    close: () => agent.destroy(),
  };
}
