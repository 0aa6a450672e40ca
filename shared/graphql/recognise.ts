/**
 * Decides whether a GraphQL request is a read of one public repository whose answer is the same for every caller: one
 * query, one repository, fields and arguments of the policy only, bounded in size. Any other request is refused.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from "graphql";
import type { EventTag } from "../events/tags.ts";
import { deepestBrackets, longestQuery, mostTokens } from "./limits.ts";
import { QueryRefused, refuse } from "./refused.ts";
import { seal, sealName } from "./seal.ts";
import { canonical, type Values, valuesOf } from "./variables.ts";
import { Walk } from "./walk.ts";

/** One GraphQL request as a client sends it. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

/** A read that may be shared. */
export interface SharedRead {
  readonly owner: string;
  readonly name: string;
  /** One spelling of query, variables and operation: equal reads have equal keys. */
  readonly key: string;
  /** It asks for a field that others decide by. */
  readonly gate: boolean;
  /** Pull requests of which the answer depends on the caller's unsent review; `"any"` where they are not named. */
  readonly drafts: readonly number[] | "any";
  /** The answer's dependencies, by the tags of pushed events. */
  readonly tags: readonly EventTag[];
  /** Names of its fields, without a value of the caller's: `pullRequest.reviewThreads.comments`. */
  readonly shape: string;
  /** GitHub's points for it, at most. */
  readonly points: number;
  /** The query that GitHub is sent: the printed document with the check of {@link seal} behind it. */
  readonly sealed: { readonly query: string; readonly ending: string };
}

/** The read, or the reason why it cannot be pooled. */
export type Recognised = { readonly read: SharedRead } | { readonly refused: string };

/** Recognises a request. No content of it causes an exception. */
export function recognise(request: GraphqlRequest): Recognised {
  try {
    return { read: readOf(request) };
  } catch (error) {
    if (error instanceof QueryRefused) return { refused: error.message };
    // Variables that cannot be serialised: the stack overflows first.
    if (error instanceof RangeError) return { refused: "nested too deep" };
    throw error;
  }
}

function readOf({ query, variables = {}, operationName }: GraphqlRequest): SharedRead {
  for (const text of [query, JSON.stringify(variables)]) {
    if (bytesOf(text) > longestQuery) refuse("it is too long");
    // Before a parser recurses: its possible depth depends on the stack that is already used.
    if (bracketDepth(text) > deepestBrackets) refuse("nested too deep");
  }
  const document = parsed(query);
  const operation = onlyQuery(document, operationName);
  const values = valuesOf(operation, variables);
  const walk = new Walk(fragmentsOf(document), values);
  const root = onlyRepository(operation);
  walk.directives(root);
  const { owner, name } = repositoryOf(walk.arguments(root));
  const findings = walk.repository(root.selectionSet ?? refuse("nothing of the repository"));
  const drafts = findings.drafts === "any" ? [] : findings.drafts;
  return {
    owner,
    name,
    key: JSON.stringify([print(document), canonical(values), operationName ?? ""]),
    ...findings,
    sealed: seal(document, { owner, name, drafts }),
  };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Most brackets that are open at once; those inside of strings count too. */
function bracketDepth(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if ("[{(".includes(character)) depth += 1;
    else if ("]})".includes(character)) depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { noLocation: true, maxTokens: mostTokens });
  } catch {
    return refuse("not a GraphQL document");
  }
}

function onlyQuery({ definitions }: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length !== 1) refuse("not one operation");
  if (operation.operation !== "query") refuse(`a ${operation.operation}`);
  if (operationName && operation.name?.value !== operationName) refuse("another operation is named");
  if (operation.directives?.length) refuse("a directive of the operation");
  return operation;
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  if (definitions.some((each) => each.kind !== Kind.OPERATION_DEFINITION && each.kind !== Kind.FRAGMENT_DEFINITION)) {
    refuse("a definition that is no operation");
  }
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const named = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  if (named.size !== fragments.length) refuse("two fragments of one name");
  return named;
}

function onlyRepository({ selectionSet }: OperationDefinitionNode): FieldNode {
  const roots = selectionSet.selections.map((root) =>
    root.kind === Kind.FIELD ? root : refuse("a fragment at the root"),
  );
  const repositories = roots.filter((root) => root.name.value === "repository");
  const [root] = repositories;
  if (root === undefined || repositories.length !== 1) refuse("not one repository");
  const other = roots.find((each) => each !== root && each.name.value !== "__typename");
  if (other) refuse(`${other.name.value} at the root`);
  if (roots.some((each) => each.alias?.value === sealName)) refuse(`the name ${sealName}`);
  return root;
}

/** Letter case does not distinguish repositories. */
function repositoryOf({ owner, name, ...rest }: Values): { readonly owner: string; readonly name: string } {
  if (Object.keys(rest).length > 0) refuse("another argument of repository");
  if (typeof owner !== "string" || typeof name !== "string") refuse("no owner and name");
  if (!plainName.test(owner) || !plainName.test(name)) refuse("no plain owner and name");
  return { owner: owner.toLowerCase(), name: name.toLowerCase() };
}

const plainName = /^(?!\.{1,2}$)[A-Za-z0-9_.-]+$/;
