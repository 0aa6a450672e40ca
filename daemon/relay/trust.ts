/** The certificates that a caller trusts for the relay, besides those of Node. */
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { readIfRegular } from "../../shared/regular-file.ts";

/**
 * Node reads these variables for a whole process, as it starts; the daemon serves callers with and without them.
 * Undefined where neither is set. A file that cannot be read adds nothing, as in Node.
 */
export function trustOf(env: Readonly<Record<string, string | undefined>>): SecureContext | undefined {
  const file = env.NODE_EXTRA_CA_CERTS || undefined;
  const extra = file === undefined ? undefined : readIfRegular(file);
  const system = env.NODE_USE_SYSTEM_CA === "1" ? getCACertificates("system") : [];
  if (extra === undefined && system.length === 0) return undefined;
  // Certificate by certificate: one unreadable part would make all of a joined text unreadable.
  const added = extra?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return createSecureContext({ ca: [...new Set([...getCACertificates("default"), ...system, ...added])] });
  } catch {
    return undefined;
  }
}
