/** The socket's HTTP server: the handler of each route, and the form of errors. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { errorTable, OctopoolError } from "../shared/errors.ts";
import {
  callPath,
  changedPath,
  comparePath,
  comparisonPath,
  explainPath,
  nativesRoute,
  readPrefix,
  shutdownPath,
  statusPath,
  writtenPath,
} from "../shared/protocol.ts";
import { version } from "../shared/version.ts";
import { handleCall } from "./routes/call.ts";
import { handleChanged } from "./routes/changed.ts";
import { handleCompare } from "./routes/compare.ts";
import { handleExplain } from "./routes/explain.ts";
import { handleRead } from "./routes/read.ts";
import { sendJson } from "./routes/send-json.ts";
import { statusOf } from "./routes/status.ts";
import { handleWritten } from "./routes/written.ts";
import type { ServerOptions } from "./server-options.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, options: ServerOptions) => unknown;

/** By path; the read prefix is looked at first. */
const handlers: Readonly<Record<string, { readonly method: string; readonly handle: Handler }>> = {
  [callPath]: { method: "POST", handle: (request, response, options) => handleCall(request, response, options) },
  [explainPath]: { method: "POST", handle: handleExplain },
  [statusPath]: { method: "GET", handle: (_request, response, options) => sendJson(response, 200, statusOf(options)) },
  [nativesRoute]: {
    method: "GET",
    handle: async (_request, response, { world }) => sendJson(response, 200, (await world.natives.get()).counts),
  },
  [shutdownPath]: { method: "POST", handle: shutdown },
  [comparePath]: { method: "POST", handle: handleCompare },
  [comparisonPath]: {
    method: "POST",
    handle: async (request, response, { world }) => {
      const { handleComparison } = await import("./routes/comparison.ts");
      return handleComparison(request, response, world);
    },
  },
  [changedPath]: { method: "POST", handle: (request, response, { world }) => handleChanged(request, response, world) },
  [writtenPath]: { method: "POST", handle: (request, response, { world }) => handleWritten(request, response, world) },
};

export function createDaemonServer(options: ServerOptions): Server {
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: false }, (request, response) => {
    const leave = options.presence.enter();
    dispatch(request, response, options);
    // An answer from memory is with the system by now, unless its reader is slow: a listener costs more than the rest.
    if (response.writableEnded && response.writableLength === 0) leave();
    else response.once("close", leave);
  });
  // A watch runs as long as its run or checks.
  server.requestTimeout = 0;
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;
}

/** Refuses new connections. `server.close()` would also end those whose reader has not taken the answer yet. */
export function stopListening(server: Server): void {
  NetServer.prototype.close.call(server);
}

function dispatch(request: IncomingMessage, response: ServerResponse, options: ServerOptions): void {
  try {
    const work = chooseHandler(request)(request, response, options);
    if (work instanceof Promise) work.catch((error: unknown) => fail(error, response, options));
  } catch (error) {
    fail(error, response, options);
  }
}

/** @throws OctopoolError `not_found`, `method_not_allowed`. */
function chooseHandler({ url = "/", method }: IncomingMessage): Handler {
  if (url.startsWith(`${readPrefix}/`) && (method === "GET" || method === "HEAD")) return handleRead;
  const entry = handlers[url.replace(/\?.*$/, "")];
  if (entry === undefined) throw new OctopoolError("not_found", `There is no ${url} here.`);
  if (entry.method === method) return entry.handle;
  throw new OctopoolError("method_not_allowed", `${url} takes ${entry.method}.`);
}

function fail(error: unknown, response: ServerResponse, { world }: ServerOptions): void {
  if (response.destroyed) return;
  if (!(error instanceof OctopoolError)) world.log("defect", { error: describe(error) });
  sendError(response, error);
}

function shutdown(_request: IncomingMessage, response: ServerResponse, { onShutdown }: ServerOptions): void {
  response.setHeader("connection", "close");
  sendJson(response, 202, { leaving: true, version });
  onShutdown();
}

/** The relay's own form of an error, so that one reader understands both. */
function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof OctopoolError;
  const code = known ? error.code : "internal_error";
  const message = known ? error.message : "Something went wrong inside the daemon; see `octopool daemon logs`.";
  const hint = known && error.hint ? { hint: error.hint } : {};
  const details = known && error.details ? { details: error.details } : {};
  sendJson(response, errorTable[code].http, { error: { code, message, ...hint, ...details } });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
