/** GraphQL queries that the caller's gh would ask itself, asked with the caller's own token. */
import * as z from "zod";
import type { GraphqlRequest } from "../../shared/graphql/recognise.ts";
import { CommandFailure } from "./command-failure.ts";
import type { Context } from "./context.ts";
import { parseBody } from "./reads/parsed.ts";

const errorSchema = z.looseObject({
  type: z.string().optional(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
});
const refusedSchema = z.looseObject({ errors: z.array(errorSchema).optional() });

export interface OwnQuery {
  /** Why the answer depends on the account, in one line. */
  readonly why: string;
  /** Others decide by it: GitHub is asked each time. Any other answer is reused for seconds. */
  readonly live: boolean;
}

/** The data of the answer. gh's own failure where GitHub does not find the resource; native for other errors. */
export async function queryOwn<T>(
  context: Context,
  request: GraphqlRequest,
  data: z.ZodType<T>,
  { why, live }: OwnQuery,
): Promise<T> {
  const answer = await context.reads.raw("/graphql", { own: request, viewer: why, live });
  if (answer.status !== 200) context.native(`GitHub answered ${answer.status} to GraphQL`);
  const { errors = [] } = parseBody(answer, "/graphql", refusedSchema);
  if (errors.length > 0) throw failureOf(errors, context);
  return parseBody(answer, "/graphql", z.looseObject({ data })).data;
}

/** In gh's form: GitHub's messages with the path of each. */
function failureOf(errors: readonly z.infer<typeof errorSchema>[], context: Context): CommandFailure {
  if (errors.some(({ type }) => type !== "NOT_FOUND")) context.native("GraphQL answered with errors");
  const words = errors.map(({ message, path = [] }) =>
    path.length === 0 ? message : `${message} (${path.join(".")})`,
  );
  return new CommandFailure(`GraphQL: ${words.join(", ")}`);
}
