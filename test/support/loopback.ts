/** Stand-ins' servers on 127.0.0.1, and one request to a server with its whole answer. */
import { type IncomingHttpHeaders, type RequestOptions, request, type Server } from "node:http";
import type { Server as TcpServer } from "node:net";

/** Listens on a free port of 127.0.0.1 and tells it. */
async function portOf(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** Listens on a free port of 127.0.0.1 and tells its address. */
export async function urlOf(server: Server): Promise<string> {
  return `http://127.0.0.1:${await portOf(server)}`;
}

/** Breaks off requests in progress, and waits until the server has closed. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

export interface WholeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request, and its answer once all of it is there; a connection that breaks before is an error. */
export function wholeAnswer(options: RequestOptions, body?: string | Buffer): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      const whole = (chunks: Buffer[]) => Buffer.concat(chunks);
      response
        .toArray()
        .then(whole)
        .then((text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }), reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
