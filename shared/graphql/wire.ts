/** A client's request to the relay for a GraphQL read. Parsed once, on arrival. */
import * as z from "zod";

/** The path of the relay's GraphQL route on the relay's host. */
export const relayGraphqlPath = "/v1/github/graphql";

export const relayGraphqlSchema = z.object({
  pool: z.string().min(1),
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).optional(),
  operation_name: z.string().min(1).optional(),
  /** The oldest acceptable answer, in seconds; 0 asks GitHub. */
  max_age: z.number().int().nonnegative().optional(),
  /** Answers that GitHub gave before this time are too old: ms since the epoch by the relay's clock. */
  not_before: z.number().int().nonnegative().optional(),
  /**
   * GitHub is not asked: a held entry answers up to `max_age`, but no longer than unsettled CI may be kept, regardless
   * of its own lifetime. 204 where no entry does.
   */
  held: z.boolean().optional(),
});
/** One GraphQL read, as a client asks the relay for it. The answer has the envelope of every read. */
export type RelayGraphqlRequest = z.infer<typeof relayGraphqlSchema>;
