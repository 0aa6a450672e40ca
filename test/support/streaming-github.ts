/** A GitHub on a unix socket that sends bodies of any size, takes uploads, and can stop in the middle of an answer. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { closeServer } from "./loopback.ts";

const chunk = Buffer.alloc(64 * 1024, "octopool ");

interface StreamingGitHub {
  /** SHA-256 and size of the last upload. */
  readonly uploaded: { readonly sha256: string; readonly bytes: number } | undefined;
  readonly uploads: number;
  /** Paths that were read, in order. */
  readonly read: readonly string[];
  /** Resolves when half of the answer to `…/half` has been sent; the rest of that one never comes. */
  readonly halfSent: Promise<void>;
  close(): Promise<void>;
}

/** The digest of the first `bytes` bytes that a download gets. */
export async function digestOfDownload(bytes: number): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts(bytes)) hash.update(part);
  return hash.digest("hex");
}

/** The length that `…/half` announces: more than the daemon takes into its memory. */
const wholeBytes = 32 * 1024 * 1024;

/** `GET …/download/N` sends N bytes; `GET …/half` half of the announced bytes; `POST` takes all that comes. */
export async function startStreamingGitHub(socket: string): Promise<StreamingGitHub> {
  const half = Promise.withResolvers<void>();
  const read: string[] = [];
  let uploads = 0;
  let uploaded: StreamingGitHub["uploaded"];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "POST") {
      uploads++;
      const hash = createHash("sha256");
      let bytes = 0;
      for await (const part of request) {
        hash.update(part);
        bytes += part.length;
      }
      uploaded = { sha256: hash.digest("hex"), bytes };
      response.writeHead(201, { "content-type": "application/json" }).end('{"id":1}');
      return;
    }
    const path = request.url ?? "";
    read.push(path);
    const size = Number(/\/download\/(\d+)$/.exec(path)?.[1] ?? wholeBytes);
    response.writeHead(200, { "content-type": "application/zip", "content-length": size });
    if (!path.endsWith("/half")) return pipeline(Readable.from(parts(size)), response);
    await pipeline(Readable.from(parts(size / 2)), response, { end: false });
    half.resolve();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(socket);
  await once(server, "listening");
  return {
    get uploaded() {
      return uploaded;
    },
    get uploads() {
      return uploads;
    },
    read,
    halfSent: half.promise,
    close: () => closeServer(server),
  };
}

function* parts(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}
