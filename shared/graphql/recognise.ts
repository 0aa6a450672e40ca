/**
 * Tells whether a GraphQL request is a read of one public repository whose answer is the same for everybody: one query,
 * one repository, fields and arguments of the policy only, bounded in size. Default is no.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { allowedArguments, draftFields, gateFields, members, policy } from "./policy.ts";

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
  readonly pulls: readonly number[];
  readonly issues: readonly number[];
  /** GitHub's points for it, at most (connections divided by 100, at least 1). */
  readonly points: number;
}

/** The read, or why it is not for the pool. */
export type Recognised = { readonly read: SharedRead } | { readonly refused: string };

/** Bytes of the query and of the variables. */
export const longestQuery = 16 * 1024;
const deepest = 12;
const mostTokens = 4_000;
/** Items that one answer may hold, and items of one page. */
const mostNodes = 10_000;
const largestPage = 100;
const mostSelections = 2_000;

class Refused extends Error {}

/** Looks at a request. Never throws for anything in it. */
export function recognise(request: GraphqlRequest): Recognised {
  try {
    return { read: new Walk(request).read() };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message };
    throw error;
  }
}

interface Place {
  readonly type: string;
  readonly depth: number;
  /** How many times this selection may stand in the answer. */
  readonly times: number;
  /** Number of the pull request that is being looked at. */
  readonly pull: number | undefined;
}

class Walk {
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #key: string;
  readonly #open = new Set<string>();
  readonly #pulls = new Set<number>();
  readonly #issues = new Set<number>();
  readonly #drafts = new Set<number>();
  #anyDraft = false;
  #gate = false;
  #connections = 0;
  #selections = 0;

  constructor({ query, variables = {}, operationName }: GraphqlRequest) {
    const size = new TextEncoder().encode(query).length;
    const given = JSON.stringify(variables);
    if (size > longestQuery || new TextEncoder().encode(given).length > longestQuery) refuse("the query is too long");
    this.#document = parsed(query);
    const definitions = this.#document.definitions;
    const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    const [operation] = operations;
    if (operation === undefined || operations.length !== 1) refuse("not one operation");
    if (operation.operation !== "query") refuse(`a ${operation.operation}`);
    if (operationName && operation.name?.value !== operationName) refuse("another operation is named");
    if (operation.directives?.length) refuse("a directive of the operation");
    if (definitions.some((each) => each.kind !== Kind.OPERATION_DEFINITION && each.kind !== Kind.FRAGMENT_DEFINITION)) {
      refuse("a definition that is no operation");
    }
    const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    if (this.#fragments.size !== fragments.length) refuse("two fragments of one name");
    this.#operation = operation;
    this.#variables = valuesOf(operation, variables);
    this.#key = JSON.stringify([print(this.#document), canonical(this.#variables), operationName ?? ""]);
  }

  read(): SharedRead {
    const roots = this.#operation.selectionSet.selections.map((root) =>
      root.kind === Kind.FIELD ? root : refuse("a fragment at the root"),
    );
    const repositories = roots.filter((root) => root.name.value === "repository");
    const [root] = repositories;
    if (root === undefined || repositories.length !== 1) refuse("not one repository");
    const other = roots.find((each) => each !== root && each.name.value !== "__typename");
    if (other) refuse(`${other.name.value} at the root`);
    this.#directives(root);
    const { owner, name, ...rest } = this.#arguments(root);
    if (Object.keys(rest).length > 0) refuse("another argument of repository");
    if (typeof owner !== "string" || typeof name !== "string" || !/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(name)) {
      refuse("no plain owner and name");
    }
    if (!root.selectionSet) refuse("nothing of the repository");
    this.#select(root.selectionSet, { type: "Repository", depth: 1, times: 1, pull: undefined });
    return {
      owner: owner.toLowerCase(),
      name: name.toLowerCase(),
      key: this.#key,
      gate: this.#gate,
      drafts: this.#anyDraft ? "any" : [...this.#drafts],
      pulls: [...this.#pulls],
      issues: [...this.#issues],
      points: Math.max(1, Math.ceil(this.#connections / 100)),
    };
  }

  #select(selections: SelectionSetNode, place: Place): void {
    if (place.depth > deepest) refuse("nested too deep");
    for (const selection of selections.selections) {
      // Spreads count too: fragments of fragments multiply.
      if (++this.#selections > mostSelections) refuse("too many fields");
      this.#directives(selection);
      if (selection.kind === Kind.FIELD) this.#field(selection, place);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = this.#narrowed(place.type, selection.typeCondition?.name.value);
        this.#select(selection.selectionSet, { ...place, type, depth: place.depth + 1 });
      } else this.#spread(selection.name.value, place);
    }
  }

  #spread(name: string, place: Place): void {
    const fragment = this.#fragments.get(name) ?? refuse(`no fragment ${name}`);
    if (fragment.directives?.length || this.#open.has(name)) refuse("a fragment that holds itself, or has a directive");
    this.#open.add(name);
    const type = this.#narrowed(place.type, fragment.typeCondition.name.value);
    this.#select(fragment.selectionSet, { ...place, type, depth: place.depth + 1 });
    this.#open.delete(name);
  }

  /** The type inside a fragment on `condition` where `type` stands. */
  #narrowed(type: string, condition: string | undefined): string {
    if (condition === undefined || condition === type) return type;
    if (members[type]?.includes(condition)) return condition;
    return refuse(`a fragment on ${condition}`);
  }

  #field(field: FieldNode, place: Place): void {
    const name = field.name.value;
    if (name === "__typename") {
      this.#leaf(field);
      return;
    }
    const row = policy[place.type] ?? refuse(`${place.type} is not for the pool`);
    const inner = row.objects?.[name];
    if (inner === undefined && !valuesOfType(place.type).has(name)) refuse(`${place.type}.${name} is not for the pool`);
    const given = this.#arguments(field);
    const odd = Object.keys(given).find((argument) => !allowedArguments.has(argument));
    if (odd) refuse(`the argument ${odd} of ${name}`);
    if (gateFields.has(name)) this.#gate = true;
    this.#noteDrafts(name, given, place);
    if (inner === undefined) {
      this.#leaf(field);
      return;
    }
    if (!field.selectionSet) refuse(`no selection of ${name}`);
    const pull = this.#noteNumber(name, given, place);
    if (inner.endsWith("[]")) this.#connection(field.selectionSet, inner.slice(0, -2), given, { ...place, pull });
    else this.#select(field.selectionSet, { type: inner, depth: place.depth + 1, times: place.times, pull });
  }

  #leaf({ name, selectionSet }: FieldNode): void {
    if (selectionSet) refuse(`a selection of ${name.value}`);
  }

  #connection(
    selections: SelectionSetNode,
    type: string,
    given: Readonly<Record<string, unknown>>,
    place: Place,
  ): void {
    const size = given.first ?? given.last;
    if (given.first !== undefined && given.last !== undefined) refuse("both first and last");
    if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > largestPage)
      refuse("no page of 1 to 100");
    this.#connections += place.times;
    const inner = { ...place, type, times: place.times * size };
    if (inner.times > mostNodes) refuse("too many items");
    this.#shape(selections, (name, field) => {
      if (name === "nodes" || name === "node") return this.#inside(field, { ...inner, depth: place.depth + 2 });
      if (name === "edges") return this.#edges(field, { ...inner, depth: place.depth + 2 });
      if (name === "pageInfo")
        return this.#plain(field, ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]);
      if (name !== "totalCount" || field.selectionSet) refuse(`${name} of a list`);
    });
  }

  #edges(field: FieldNode, inner: Place): void {
    if (!field.selectionSet) refuse("no selection of edges");
    this.#shape(field.selectionSet, (name, each) => {
      if (name === "node") return this.#inside(each, { ...inner, depth: inner.depth + 1 });
      if (name !== "cursor") refuse(`${name} of an edge`);
    });
  }

  #inside(field: FieldNode, place: Place): void {
    if (!field.selectionSet) refuse("no selection of a list's items");
    this.#select(field.selectionSet, place);
  }

  #plain(field: FieldNode, allowed: readonly string[]): void {
    if (!field.selectionSet) refuse(`no selection of ${field.name.value}`);
    this.#shape(field.selectionSet, (name) => {
      if (!allowed.includes(name)) refuse(`${name} of ${field.name.value}`);
    });
  }

  /** The fields of a connection or an edge; fragments on these types are not followed. */
  #shape(selections: SelectionSetNode, take: (name: string, field: FieldNode) => void): void {
    for (const selection of selections.selections) {
      if (selection.kind !== Kind.FIELD) refuse("a fragment on a list");
      this.#directives(selection);
      if (++this.#selections > mostSelections) refuse("too many fields");
      if (selection.arguments?.length) refuse("an argument of a list's field");
      if (selection.name.value !== "__typename") take(selection.name.value, selection);
    }
  }

  #noteNumber(name: string, given: Readonly<Record<string, unknown>>, { pull }: Place): number | undefined {
    const { number } = given;
    if (typeof number !== "number") return name === "pullRequests" ? undefined : pull;
    if (name === "issue" || name === "issueOrPullRequest") this.#issues.add(number);
    if (name !== "pullRequest" && name !== "issueOrPullRequest") return pull;
    this.#pulls.add(number);
    return number;
  }

  #noteDrafts(name: string, given: Readonly<Record<string, unknown>>, { type, pull }: Place): void {
    if (!draftFields[type]?.includes(name)) return;
    const { states } = given;
    const sent = Array.isArray(states) && states.length > 0 && !states.includes("PENDING");
    if (name === "reviews" && sent) return;
    if (pull === undefined) this.#anyDraft = true;
    else this.#drafts.add(pull);
  }

  /** `@include` and `@skip` are followed by looking at both sides. */
  #directives(node: {
    readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined;
  }): void {
    const odd = node.directives?.find(({ name }) => name.value !== "include" && name.value !== "skip");
    if (odd) refuse(`the directive @${odd.name.value}`);
  }

  #arguments({ arguments: given = [] }: { readonly arguments?: readonly ArgumentNode[] | undefined }) {
    const entries = given.map(({ name, value }) => [name.value, this.#value(value)] as const);
    if (new Set(entries.map(([name]) => name)).size !== entries.length) refuse("an argument twice");
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null)) satisfies Readonly<
      Record<string, unknown>
    >;
  }

  #value(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.VARIABLE:
        return this.#variables[node.name.value];
      case Kind.INT:
      case Kind.FLOAT:
        return Number(node.value);
      case Kind.STRING:
      case Kind.ENUM:
      case Kind.BOOLEAN:
        return node.value;
      case Kind.NULL:
        return null;
      case Kind.LIST:
        return node.values.map((each) => this.#value(each));
      case Kind.OBJECT:
        return Object.fromEntries(node.fields.map((field) => [field.name.value, this.#value(field.value)]));
    }
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { noLocation: true, maxTokens: mostTokens });
  } catch {
    return refuse("not a GraphQL document");
  }
}

/** What the variables stand for: given, or by default; GitHub refuses what is not declared, and so do we. */
function valuesOf(operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue, directives } of operation.variableDefinitions ?? []) {
    if (directives?.length) refuse("a directive of a variable");
    const name = variable.name.value;
    if (Object.hasOwn(values, name)) refuse("a variable twice");
    if (given[name] !== undefined) values[name] = given[name];
    else if (defaultValue !== undefined) values[name] = constantOf(defaultValue);
  }
  const extra = Object.keys(given).find((name) => !Object.hasOwn(values, name));
  if (extra !== undefined) refuse("a variable that is not declared");
  return values;
}

function constantOf(node: ValueNode): unknown {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return Number(node.value);
  if (node.kind === Kind.STRING || node.kind === Kind.ENUM || node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.NULL) return null;
  if (node.kind === Kind.LIST) return node.values.map(constantOf);
  return refuse("an object as a default");
}

const valueSets = new Map<string, ReadonlySet<string>>();

function valuesOfType(type: string): ReadonlySet<string> {
  let known = valueSets.get(type);
  if (!known) {
    known = new Set((policy[type]?.values ?? "").split(/\s+/).filter(Boolean));
    valueSets.set(type, known);
  }
  return known;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, each]) => [name, canonical(each)]);
}

function refuse(why: string): never {
  throw new Refused(why);
}
