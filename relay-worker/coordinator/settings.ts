/** The coordinator's settings, read from the Worker's vars. */
import * as z from "zod";

/** Vars of wrangler.jsonc that the coordinator reads. */
export interface PoolEnv {
  /** Longest wait for one GitHub call, ms. */
  readonly REQUEST_TIMEOUT_MS?: string;
  /** Part of each identity's budget, 0 to 1, that the pool leaves to its owner. */
  readonly IDENTITY_RESERVE?: string;
}

export interface PoolSettings {
  /**
   * An owner that is silent for this long counts as dead, ms: the request timeout and a margin for storing the answer.
   */
  readonly ownerTimeoutMs: number;
  /** Reserve of an identity without its own setting. */
  readonly reserve: number;
  /** Callers that may wait for one fill; the next one is refused as overload. */
  readonly maxFollowers: number;
}

const ownerMarginMs = 5_000;

const envSchema = z.object({
  REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().catch(15_000),
  IDENTITY_RESERVE: z.coerce.number().min(0).lt(1).catch(0.1),
});

/** A var that is missing or makes no sense counts as its default. */
export function poolSettings(env: PoolEnv | Readonly<Record<string, unknown>>): PoolSettings {
  const vars = envSchema.parse(env);
  return {
    ownerTimeoutMs: vars.REQUEST_TIMEOUT_MS + ownerMarginMs,
    reserve: vars.IDENTITY_RESERVE,
    maxFollowers: 4_000,
  };
}
