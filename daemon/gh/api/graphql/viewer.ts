/**
 * `viewer { login }` beside a repository: the login of gh's own account is read with its own token, and put where
 * GitHub would have put it. Answers have their fields in the order in which they were asked.
 */
import { type FieldNode, Kind, type OperationDefinitionNode, parse, print } from "graphql";
import type { GraphqlRequest } from "../../../../shared/graphql/recognise.ts";

/** A request without the viewer, and how the viewer comes into its answer. */
export interface WithoutViewer {
  readonly request: GraphqlRequest;
  readonly put: (answer: string, login: string) => string;
}

/** Undefined where the viewer is not asked for, or for more than the login. */
export function withoutViewer(request: GraphqlRequest): WithoutViewer | undefined {
  const document = parsed(request.query);
  const [operation] = document?.definitions ?? [];
  if (!document || operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const [first, second, ...more] = operation.selectionSet.selections;
  if (first?.kind !== Kind.FIELD || second?.kind !== Kind.FIELD || more.length > 0) return undefined;
  const [viewer, rest] = isLogin(first) ? [first, second] : [second, first];
  if (!isLogin(viewer) || isLogin(rest)) return undefined;
  const alone: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [rest] },
  };
  const definitions = document.definitions.map((each) => (each === operation ? alone : each));
  const name = JSON.stringify(viewer.alias?.value ?? viewer.name.value);
  const place = viewer === first ? before : behind;
  return {
    request: { ...request, query: print({ ...document, definitions }) },
    put: (answer, login) => place(answer, `${name}:{"login":${JSON.stringify(login)}}`),
  };
}

const opening = '{"data":{';
const closing = "}}";
const before = (answer: string, member: string) => `${opening}${member},${answer.slice(opening.length)}`;
const behind = (answer: string, member: string) => `${answer.slice(0, -closing.length)},${member}${closing}`;

function isLogin({ name, selectionSet, arguments: given, directives }: FieldNode): boolean {
  if (name.value !== "viewer" || given?.length || directives?.length || selectionSet?.selections.length !== 1)
    return false;
  const [field] = selectionSet.selections;
  if (field?.kind !== Kind.FIELD || field.name.value !== "login" || field.alias) return false;
  return !field.arguments?.length && !field.directives?.length && !field.selectionSet;
}

function parsed(query: string) {
  try {
    return parse(query, { noLocation: true, maxTokens: 4_000 });
  } catch {
    return undefined;
  }
}
