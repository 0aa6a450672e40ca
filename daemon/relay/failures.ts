/** The two ways in which the relay does not answer a read, and their classification. */
import { errorBodySchema } from "../../shared/envelope.ts";
import { fallbackReasons, OctopoolError, transientReasons } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { RawAnswer } from "./collect.ts";

interface OutageOptions {
  readonly cause?: unknown;
  readonly lives?: boolean;
  readonly late?: boolean;
}

/** The relay could not answer: it is down, too slow, or broken. */
export class RelayOutage extends Error {
  override readonly name = "RelayOutage";
  /** The relay reported it, in a well-formed error: this read fails, and others may succeed. */
  readonly lives: boolean;
  /** Time ran out: trying again would only double the wait. */
  readonly late: boolean;

  constructor(message: string, options: OutageOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.lives = options.lives ?? false;
    this.late = options.late ?? false;
  }
}

/** A final refusal of the relay: its code, and for a 424 the reason. */
export class RelayRefusal extends Error {
  override readonly name = "RelayRefusal";
  readonly code: string;
  readonly reason: string;

  constructor(code: string, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** A refusal that may pass within a second. */
export function isTransient(error: RelayOutage | RelayRefusal): boolean {
  if (error instanceof RelayOutage) return false;
  const reason = fallbackReasons.find((known) => known === error.reason);
  return reason !== undefined && transientReasons.has(reason);
}

/** A 4xx is the relay's refusal, a 5xx its own failure; an answer that is not in its form is an outage. */
export function failureOf({ status, body }: RawAnswer): RelayRefusal | RelayOutage {
  const error = errorBodySchema.safeParse(parseJson(body.toString())).data?.error;
  if (!error) return new RelayOutage(`the relay answered HTTP ${status}`);
  const [code, message] = [oneLine(error.code), oneLine(error.message)];
  if (status >= 400 && status < 500 && status !== 429) {
    return new RelayRefusal(code, oneLine(error.details?.reason ?? code), message);
  }
  return new RelayOutage(`the relay is in trouble (${code})`, { lives: true });
}

export function asFailure(error: unknown): RelayOutage | RelayRefusal {
  if (error instanceof RelayOutage || error instanceof RelayRefusal) return error;
  if (error instanceof OctopoolError) return new RelayOutage(error.message, { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const late = timeouts.has(code);
  return new RelayOutage(`the relay could not be reached (${oneLine(code)})`, { cause: error, late });
}

/** Of the system and of undici. */
const timeouts: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

const longestText = 300;

/** Text from outside ends up on terminals and in logs: one line of it, without control characters. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return plain.length > longestText ? `${plain.slice(0, longestText)}…` : plain;
}
