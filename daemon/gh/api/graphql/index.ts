/** `gh api graphql`: a query of one public repository from the pool; every other request is the real gh's. */
import type { GraphqlRequest, SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { ReadAnswer } from "../../../reader.ts";
import type { ApiCall } from "../flag-table.ts";
import { maxPages } from "../pages.ts";
import { endCursor } from "./end-cursor.ts";
import { buildGraphql, type GraphqlCall } from "./request.ts";
import { requireNothingUnsent } from "./unsent.ts";

/** The page, or with `--paginate` all pages. */
export async function readGraphql(call: ApiCall): Promise<readonly ReadAnswer[]> {
  const { flags, given, context } = call;
  const asks = given.has("input") || flags.field.length + flags["raw-field"].length > 0;
  if (!asks || (given.has("method") && flags.method !== "POST")) context.native("GraphQL other than by POST");
  const built = await buildGraphql(call);
  const first = await recognised(call, built.request);
  const [answer] = await Promise.all([readOne(call, built, first), requireNothingUnsent(context, first)]);
  const answers = [answer];
  let { request } = built;
  for (let cursor = next(call, answer); cursor !== undefined; cursor = next(call, answers.at(-1) ?? answer)) {
    if (answers.length === maxPages) context.native(`more than ${maxPages} pages`);
    request = { ...request, variables: { ...request.variables, endCursor: cursor } };
    answers.push(await readOne(call, { ...built, request }, await recognised(call, request)));
  }
  // Cursors are the asker's own.
  if (new Set(answers.map(({ identity }) => identity)).size > 1) context.native("pages of several identities");
  return answers;
}

async function recognised({ context }: ApiCall, request: GraphqlRequest): Promise<SharedRead> {
  const { recognise } = await import("../../../../shared/graphql/recognise.ts");
  const found = recognise(request);
  return "read" in found ? found.read : context.native(`GraphQL that is not for the pool: ${found.refused}`);
}

async function readOne(
  { context }: ApiCall,
  { request, maxAge, cacheFor }: GraphqlCall,
  read: SharedRead,
): Promise<ReadAnswer> {
  const answer = await context.reads.raw("/graphql", { graphql: { ...request, read }, maxAge, cacheFor });
  if (answer.status !== 200) context.native(`GitHub answered ${answer.status}`);
  return answer;
}

function next({ flags }: ApiCall, { body }: ReadAnswer): string | undefined {
  return flags.paginate ? endCursor(JSON.parse(new TextDecoder().decode(body))) : undefined;
}
