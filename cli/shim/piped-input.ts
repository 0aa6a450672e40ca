/**
 * Standard input of a GraphQL request that names it (`--input -`, `-F query=@-`), where it is a pipe: it is read here,
 * so that the daemon can check it, and is given to the real gh if that must run after all.
 */
import { fstatSync } from "node:fs";

/** Larger than any query that the daemon answers; a larger one is not sent to it. */
const longestSent = 64 * 1024;

/** Undefined for anything but a pipe: a file is read in place, and gh itself reads a terminal. */
export async function readPipe(): Promise<Buffer | undefined> {
  if (!isPipe()) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function isPipe(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/** The part that is sent to the daemon. */
export function sendable(text: string | undefined): { readonly stdin?: string } {
  return text !== undefined && text.length <= longestSent ? { stdin: text } : {};
}
