/** From `gh api graphql`'s arguments to the request's body. */

import * as z from "zod";
import type { GraphqlRequest } from "../../../../shared/graphql/recognise.ts";
import { parseJson } from "../../../../shared/parse-json.ts";
import type { ParsedApiCall } from "../flag-table.ts";
import { parseHeaders } from "../request.ts";
import { parseFields, textOf } from "./fields.ts";

export interface GraphqlCall {
  readonly request: GraphqlRequest;
  /** Seconds; undefined: any cached answer. */
  readonly maxAge: number | undefined;
  /** The same by `--cache`: OCTOPOOL_FRESH overrides it. */
  readonly cacheFor: number | undefined;
}

export async function buildGraphql(call: ParsedApiCall): Promise<GraphqlCall> {
  const { flags, given, context } = call;
  const { headers, maxAge } = parseHeaders(flags.header, flags.preview, context);
  if (Object.keys(headers).length > 0) context.native("a header that GraphQL may heed");
  const cacheFor = given.has("cache") && flags.cache > 0 ? Math.floor(flags.cache / 1000) : undefined;
  return { request: given.has("input") ? bodyOf(call) : await fieldsOf(call), maxAge, cacheFor };
}

const bodySchema = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** `--input`: the body as it stands. */
function bodyOf({ flags, context }: ParsedApiCall): GraphqlRequest {
  if (flags.paginate) context.native("--paginate with --input");
  if (flags.field.length + flags["raw-field"].length > 0) context.native("fields in the address of a query");
  const parsed = bodySchema.safeParse(parseJson(textOf(flags.input, context)));
  const body = parsed.data ?? context.native("a body that is no GraphQL request");
  return { query: body.query, variables: body.variables ?? {}, operationName: body.operationName ?? undefined };
}

async function fieldsOf(call: ParsedApiCall): Promise<GraphqlRequest> {
  const { query, operationName, ...variables } = Object.fromEntries(await parseFields(call));
  if (typeof query !== "string") call.context.native("no query");
  if (operationName !== undefined && typeof operationName !== "string") call.context.native("an operation's name");
  return { query, variables, operationName };
}
