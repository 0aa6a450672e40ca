/** `gh api graphql`: a query of one public repository from the pool; the real gh sends every other request. */
import type { GraphqlRequest, SharedRead } from "../../../../shared/graphql/recognise.ts";
import type { ReadAnswer } from "../../../reader.ts";
import type { ParsedApiCall } from "../flag-table.ts";
import { maxPages } from "../pages.ts";
import { endCursor } from "./end-cursor.ts";
import { buildGraphql, type GraphqlCall } from "./request.ts";
import { requireNothingUnsent } from "./unsent.ts";
import type { WithoutViewer } from "./viewer.ts";

/** The page, or with `--paginate` all pages. */
export async function readGraphql(call: ParsedApiCall): Promise<readonly ReadAnswer[]> {
  const { flags, given, context } = call;
  const asks = given.has("input") || flags.field.length + flags["raw-field"].length > 0;
  if (!asks || (given.has("method") && flags.method !== "POST")) context.native("GraphQL other than by POST");
  const built = await buildGraphql(call);
  const first = await recognised(call, built.request);
  const answer = await readOne(call, built, first);
  // After the pool's answer: a pool without one must not cost the caller a read of their own.
  await requireNothingUnsent(context, first.read);
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

interface Pooled {
  readonly request: GraphqlRequest;
  readonly read: SharedRead;
  /** Puts the viewer into the answer; absent where it is not asked for. */
  readonly put?: WithoutViewer["put"];
}

async function recognised({ context }: ParsedApiCall, request: GraphqlRequest): Promise<Pooled> {
  const [{ recognise }, { withoutViewer }] = await Promise.all([
    import("../../../../shared/graphql/recognise.ts"),
    import("./viewer.ts"),
  ]);
  const apart = withoutViewer(request);
  const found = recognise(apart?.request ?? request);
  const read = "read" in found ? found.read : context.native(`GraphQL that is not for the pool: ${found.refused}`);
  return { request: apart?.request ?? request, read, ...(apart && { put: apart.put }) };
}

async function readOne(
  { context }: ParsedApiCall,
  { maxAge, cacheFor }: GraphqlCall,
  { request, read, put }: Pooled,
): Promise<ReadAnswer> {
  const answer = await context.reads.raw("/graphql", { graphql: { ...request, read }, maxAge, cacheFor });
  if (answer.status !== 200) context.native(`GitHub answered ${answer.status}`);
  if (!put) return answer;
  return { ...answer, body: Buffer.from(put(Buffer.from(answer.body).toString(), await context.reads.viewerLogin())) };
}

function next({ flags }: ParsedApiCall, { body }: ReadAnswer): string | undefined {
  return flags.paginate ? endCursor(JSON.parse(new TextDecoder().decode(body))) : undefined;
}
