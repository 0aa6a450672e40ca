/** The one read that no path names: a GraphQL query of one public repository, told by its document. */
import { minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const graphqlRoutes = {
  graphql_read: {
    paths: [],
    class: "pool",
    cache: { fresh: minute, stale: 5 * minute },
    budget: "graphql",
    large: true,
    objects: "job",
  },
} as const satisfies Record<string, RouteRow>;
