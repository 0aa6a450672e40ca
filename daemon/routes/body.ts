/** A request's body, whole and bounded. */
import type { IncomingMessage } from "node:http";
import { OctopoolError } from "../../shared/errors.ts";

/** As much as the system allows a command line, percent-encoded. */
export const longestBody = 8 * 1024 * 1024;

/** @throws OctopoolError `payload_too_large`; rejects when the client goes away in the middle. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > longestBody) throw new OctopoolError("payload_too_large", "The call is longer than 8 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
