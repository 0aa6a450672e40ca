/** The body of an answer as its sender wrote it. */
import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";
import { largestAnswer, type RawAnswer } from "./collect.ts";

const unpack = { br: promisify(brotliDecompress), gzip: promisify(gunzip) } as const;

/** Rejects where the body does not match its encoding, or is too large. */
export async function unpacked({ body, headers }: Pick<RawAnswer, "body" | "headers">): Promise<Buffer> {
  const encoding = headers["content-encoding"];
  // A status without a body, such as 204 and 304, may still name an encoding.
  if (body.length === 0 || (encoding !== "br" && encoding !== "gzip")) return body;
  return unpack[encoding](body, { maxOutputLength: largestAnswer });
}
