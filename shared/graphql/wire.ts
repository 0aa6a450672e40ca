/** How a client asks the relay for a GraphQL read. Parsed once, at the border. */
import * as z from "zod";

/** The path of the relay's GraphQL route on the relay's host. */
export const relayGraphqlPath = "/v1/github/graphql";

export const relayGraphqlSchema = z.object({
  pool: z.string().min(1),
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).optional(),
  operation_name: z.string().min(1).optional(),
  /** Oldest answer that will do, in seconds; 0 asks GitHub. */
  max_age: z.number().int().nonnegative().optional(),
  /** Answers that GitHub gave before this time are too old: ms since the epoch by the relay's clock. */
  not_before: z.number().int().nonnegative().optional(),
  /**
   * GitHub is not asked: what is held answers up to `max_age`, and no longer than CI that is not settled may, whatever
   * its own lifetime. 204 where nothing does.
   */
  held: z.boolean().optional(),
});
/** One GraphQL read, as a client asks the relay for it. The answer has the envelope of every read. */
export type RelayGraphqlRequest = z.infer<typeof relayGraphqlSchema>;
