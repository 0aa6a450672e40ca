/**
 * The checks that a pull request needs, by branch protection: GraphQL gives them to readers of the checks. gh's own
 * query is asked with the caller's own token, each time.
 */
import * as z from "zod";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { told } from "../github/schemas.ts";
import { queryOwn } from "../own-query.ts";
import { aggregate, type PullRequestCheck } from "./buckets.ts";
import { findPull } from "./finder.ts";
import { checkOf } from "./query/checks.ts";
import { checkSchema, nodes } from "./query/schema.ts";

const requiredSchema = z.intersection(checkSchema, z.object({ isRequired: z.boolean() }));
const contexts = z.object({
  nodes: z.array(requiredSchema),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const rollup = nodes(z.object({ commit: z.object({ statusCheckRollup: z.object({ contexts }).nullable() }) }));
const dataSchema = z.object({ node: z.object({ statusCheckRollup: rollup }) });
type Required = z.infer<typeof requiredSchema>;

const query = `query PullRequestStatusChecks($id: ID!, $endCursor: String) { node(id: $id) { ... on PullRequest {
  statusCheckRollup: commits(last: 1) { nodes { commit { statusCheckRollup {
    contexts(first: 100, after: $endCursor) { nodes { __typename
      ... on StatusContext { context state targetUrl createdAt description isRequired(pullRequestId: $id) }
      ... on CheckRun { name checkSuite { workflowRun { event workflow { name } } } status conclusion startedAt
        completedAt detailsUrl isRequired(pullRequestId: $id) } }
      pageInfo { hasNextPage endCursor } } } } } } } } }`;

/** The real gh reads further pages. */
const mostPages = 10;

/** gh's own message where none is reported. */
export async function readRequired(
  context: Context,
  selector: string | undefined,
): Promise<readonly PullRequestCheck[]> {
  const { pull } = await findPull(context, selector, { live: true });
  const all = await readAll(context, told(pull.node_id, "the id of a pull request"));
  const branch = `on the '${pull.head.ref}' branch`;
  if (all.length === 0) throw new CommandFailure(`no checks reported ${branch}`);
  const needed = new Map(all.map((check) => [checkOf(check), check.isRequired]));
  const checks = aggregate([...needed.keys()], (check) => needed.get(check) === true);
  if (checks.length === 0) throw new CommandFailure(`no required checks reported ${branch}`);
  return checks;
}

async function readAll(context: Context, id: string): Promise<readonly Required[]> {
  const all: Required[] = [];
  let endCursor: string | null = null;
  for (let pages = 1; pages <= mostPages; pages++) {
    const variables: Readonly<Record<string, string>> = { id, ...(endCursor !== null && { endCursor }) };
    const data: z.infer<typeof dataSchema> = await queryOwn(context, { query, variables }, dataSchema, {
      why: "required checks follow branch protection",
      live: true,
    });
    const page = data.node.statusCheckRollup.nodes[0]?.commit.statusCheckRollup?.contexts;
    if (page === undefined) return all;
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    endCursor = page.pageInfo.endCursor;
  }
  return context.native(`more than ${mostPages} pages of checks`);
}
