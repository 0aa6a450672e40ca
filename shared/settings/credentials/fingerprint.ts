/** Identifies a token without revealing it. */
import { createHash } from "node:crypto";

/** Sixteen hex digits; the token has 256 random bits, so nothing can be learned from them. */
export function fingerprint(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 16);
}
