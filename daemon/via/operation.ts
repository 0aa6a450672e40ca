/** Classifies a GraphQL request: its answer may be shared for some seconds, joined only, or neither. */
import { type DocumentNode, Kind, parse, print, visit } from "graphql";
import * as z from "zod";
import { canonical } from "../../shared/graphql/variables.ts";

/** How one GraphQL request is treated. */
export type Treatment =
  | { readonly kind: "keep" | "join" | "introspection"; readonly key: string; readonly names: readonly string[] }
  /** A mutation, or a request that is not understood: passed on untouched, and counted as a write. */
  | { readonly kind: "write" }
  /** A query that is passed on untouched: its answer differs from one moment to the next. */
  | { readonly kind: "pass" };

/** Fields that others decide by: their answer is as old as the request that it joins, never older. */
const gates = new Set(
  `state stateReason closed closedAt merged mergedAt mergeable mergeStateStatus headRefOid statusCheckRollup
  reviewDecision autoMergeRequest isInMergeQueue`.split(/\s+/),
);
/** Fields whose answer is about the current moment. */
const momentary = new Set(["rateLimit"]);

const requestSchema = z.looseObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Classifies a request's body. */
export function treatmentOf(body: string): Treatment {
  let request: z.output<typeof requestSchema>;
  let document: DocumentNode;
  try {
    request = requestSchema.parse(JSON.parse(body));
    document = parse(request.query, { noLocation: true, maxTokens: 20_000 });
  } catch {
    return { kind: "write" };
  }
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1 || operations[0]?.operation !== "query") return { kind: "write" };
  const { fields, strings } = wordsOf(document);
  if (fields.some((name) => momentary.has(name))) return { kind: "pass" };
  const variables = request.variables ?? {};
  const key = JSON.stringify([print(document), canonical(variables), request.operationName ?? ""]);
  const names = [...strings, ...Object.values(variables).filter((value) => typeof value === "string")];
  const roots = operations[0].selectionSet.selections;
  if (roots.every((root) => root.kind === Kind.FIELD && /^__(type|schema|typename)$/.test(root.name.value))) {
    return { kind: "introspection", key, names };
  }
  return { kind: fields.some((name) => gates.has(name)) ? "join" : "keep", key, names };
}

/** Names of fields, not of their aliases, and all literal strings. */
function wordsOf(document: DocumentNode) {
  const fields: string[] = [];
  const strings: string[] = [];
  visit(document, {
    Field: ({ name }) => void fields.push(name.value),
    StringValue: ({ value }) => void strings.push(value),
  });
  return { fields, strings };
}
