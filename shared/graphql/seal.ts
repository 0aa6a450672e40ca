/**
 * The check that is sent behind a shared read, in the same request: whether the repository is public at that moment,
 * and whether the identity that asks has unsent reviews of its own, which its answer would show. GitHub answers fields
 * in the order in which they were asked, so a valid answer ends in known bytes, and the bytes before them are the
 * reader's.
 */
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, print, type SelectionNode } from "graphql";

/** The name under which it is asked; a request that uses the name itself cannot be pooled. */
export const sealName = "octopoolSeal";

interface Sealed {
  readonly query: string;
  /** The end of every answer that may be shown. */
  readonly ending: string;
}

/** @param drafts pull requests whose answer shows the asker's unsent reviews */
export function seal(
  document: DocumentNode,
  { owner, name, drafts }: { readonly owner: string; readonly name: string; readonly drafts: readonly number[] },
): Sealed {
  const pulls = drafts.map(
    (number) => `p${number}: pullRequest(number: ${number}) { reviews(first: 1, states: [PENDING]) { totalCount } }`,
  );
  const check = selectionOf(
    `{ ${sealName}: repository(owner: "${owner}", name: "${name}") { isPrivate ${pulls.join(" ")} } }`,
  );
  const definitions = document.definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? withSelection(each, check) : each,
  );
  const answers = drafts.map((number) => `,"p${number}":{"reviews":{"totalCount":0}}`);
  return {
    query: print({ ...document, definitions }),
    ending: `,"${sealName}":{"isPrivate":false${answers.join("")}}}}`,
  };
}

/** The body that GitHub is sent. */
export function sealedBody(
  { query }: Pick<Sealed, "query">,
  {
    variables = {},
    operationName,
  }: {
    readonly variables?: Readonly<Record<string, unknown>> | undefined;
    readonly operationName?: string | undefined;
  },
): string {
  return JSON.stringify({ query, variables, operationName });
}

function selectionOf(text: string): readonly SelectionNode[] {
  const [operation] = parse(text, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
}

function withSelection(operation: OperationDefinitionNode, added: readonly SelectionNode[]): OperationDefinitionNode {
  const { selectionSet } = operation;
  return { ...operation, selectionSet: { ...selectionSet, selections: [...selectionSet.selections, ...added] } };
}

/** The reader's own answer; undefined for one that does not end as it must. */
export function unsealed(answer: string, ending: string): string | undefined {
  return answer.endsWith(ending) ? `${answer.slice(0, -ending.length)}}}` : undefined;
}
