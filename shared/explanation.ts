/** The daemon's explanation of a command that it does not run: the answer of `POST /explain`. */
import * as z from "zod";

const explainedReadSchema = z.object({
  /** As GitHub's API names it. */
  path: z.string(),
  /** Without a question mark; empty when there is none. */
  query: z.string(),
  /** Kind of its row in the route table; null for a path that has none. */
  kind: z.string().nullable(),
  /**
   * `fresh`: in memory. `own`: revalidated at GitHub with the caller's own token. `expired`, `live`: in memory, but
   * GitHub or the relay would be asked again. `pushed`: the relay would answer if events vouch for its entry, and ask
   * GitHub otherwise.
   */
  state: z.enum(["fresh", "expired", "live", "pushed", "unknown", "own", "refused"]),
  /** Age of the answer in memory, in seconds. */
  age: z.number().nullable(),
  /** Seconds that it stays fresh. */
  freshFor: z.number().nullable(),
  /** The reason why it is read live, or refused. */
  reason: z.string().nullable(),
  /**
   * Its cost; null for a refused read. `kept`: none, this machine answers it from memory. `free`: a request that GitHub
   * does not charge while the held answer is unchanged. `shared`: the pool pays, once for all its callers. `paid`: a
   * request of the caller's own budget, for a read that was never made here, or for a GraphQL query.
   */
  price: z.enum(["kept", "free", "shared", "paid"]).nullable(),
});
export type ExplainedRead = z.infer<typeof explainedReadSchema>;
export type Price = NonNullable<ExplainedRead["price"]>;

/** The reads by their costs, and the requests that the caller's own gh would make. */
const explainedCostSchema = z.object({
  /** That leave this machine. */
  requests: z.number(),
  free: z.number(),
  shared: z.number(),
  paid: z.number(),
  /** Requests of gh itself; null where they are not known. More where a command reads as many as there are. */
  gh: z.object({ requests: z.number(), orMore: z.boolean() }).nullable(),
});

export const explanationSchema = z.object({
  /** The daemon would answer, or the real gh would have to. */
  outcome: z.enum(["read", "native"]),
  /** The reason why it is native; empty for a read. */
  reason: z.string(),
  /** In the order in which they would be asked. */
  reads: z.array(explainedReadSchema).readonly(),
  /** Null where the daemon was not asked. */
  cost: explainedCostSchema.nullable(),
  /** The reason why its bytes are those of the caller's gh; absent for a native command, or an unknown gh. */
  proven: z.object({ gh: z.string(), by: z.enum(["release", "machine"]) }).optional(),
  /** False when further reads depend on answers that are not known yet. */
  complete: z.boolean(),
});
export type Explanation = z.infer<typeof explanationSchema>;
