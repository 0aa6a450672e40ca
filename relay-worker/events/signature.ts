/** GitHub's signature of a delivery: HMAC-SHA256 over the bytes of the body, as `sha256=` and 64 hexadecimal digits. */
import { memoryPart, type RelayMemory } from "../memory.ts";

const keys = memoryPart(() => new Map<string, CryptoKey>());
const mostKeys = 4;

/**
 * Compared by the runtime in constant time.
 * @param secrets - the App's secret, and the previous one while it is being changed
 */
export async function isSigned(
  memory: RelayMemory,
  { signature, body, secrets }: { signature: string; body: Uint8Array<ArrayBuffer>; secrets: readonly string[] },
): Promise<boolean> {
  const digits = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (digits === undefined) return false;
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (const secret of secrets) {
    if (await crypto.subtle.verify("HMAC", await keyOf(memory, secret), bytes, body)) return true;
  }
  return false;
}

async function keyOf(memory: RelayMemory, secret: string): Promise<CryptoKey> {
  const known = keys(memory).get(secret);
  if (known) return known;
  const raw = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  if (keys(memory).size >= mostKeys) keys(memory).clear();
  keys(memory).set(secret, key);
  return key;
}
