/** Checks a query's selections against the policy: a field that is not allowed there ends the walk. */
import { type ArgumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import type { EventTag } from "../events/tags.ts";
import { allowedArguments, draftFields, gateFields, members, policy, type TypePolicy } from "./allowed-fields.ts";
import { deepest, largestPage, mostNodes, mostNodesInAll, mostPoints, mostSelections } from "./limits.ts";
import { refuse } from "./refused.ts";
import { anyChange, loose, numbered, tagsOfNumbers } from "./tags.ts";
import { argumentOf, type Values } from "./variables.ts";

interface Place {
  readonly type: string;
  /** Names of the objects on the way here. */
  readonly path: string;
  readonly depth: number;
  /** How many times this selection may stand in the answer. */
  readonly times: number;
  /** Number of the pull request that is being looked at. */
  readonly pull: number | undefined;
}

/** The findings of the walk. */
interface Findings {
  readonly gate: boolean;
  readonly drafts: readonly number[] | "any";
  /** The answer's dependencies, by the tags of pushed events. */
  readonly tags: readonly EventTag[];
  /** Names of the policy's objects that the query goes through, without values: `pullRequest.reviewThreads`. */
  readonly shape: string;
  readonly points: number;
}

export class Walk {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Values;
  readonly #open = new Set<string>();
  readonly #pulls = new Set<number>();
  readonly #issues = new Set<number>();
  readonly #drafts = new Set<number>();
  readonly #paths = new Set<string>();
  #anyDraft = false;
  #gate = false;
  #loose = false;
  #connections = 0;
  #nodes = 0;
  #selections = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, variables: Values) {
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Checks the selections of the repository. @throws Refused */
  repository(selections: SelectionSetNode): Findings {
    this.#select(selections, { type: "Repository", path: "", depth: 1, times: 1, pull: undefined });
    const points = Math.max(1, Math.ceil(this.#connections / 100));
    if (points > mostPoints) refuse("too many points");
    return {
      gate: this.#gate,
      drafts: this.#anyDraft ? "any" : [...this.#drafts].sort((a, b) => a - b),
      tags: this.#loose ? anyChange : tagsOfNumbers([...this.#pulls], [...this.#issues]),
      shape: shapeOf(this.#paths),
      points,
    };
  }

  /** A field's arguments, variables put in; those without a value are left out. @throws Refused */
  arguments({ arguments: given = [] }: { readonly arguments?: readonly ArgumentNode[] | undefined }): Values {
    const entries = given.map(({ name, value }) => [name.value, argumentOf(value, this.#variables)] as const);
    if (new Set(entries.map(([name]) => name)).size !== entries.length) refuse("an argument twice");
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
  }

  /** Fields under `@include` and `@skip` are checked as if they were included. @throws Refused */
  directives(node: {
    readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined;
  }): void {
    const odd = node.directives?.find(({ name }) => name.value !== "include" && name.value !== "skip");
    if (odd) refuse(`the directive @${odd.name.value}`);
  }

  #select(selections: SelectionSetNode, place: Place): void {
    if (place.depth > deepest) refuse("nested too deep");
    for (const selection of selections.selections) {
      // Spreads count too: fragments of fragments multiply.
      if (++this.#selections > mostSelections) refuse("too many fields");
      this.directives(selection);
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
    const inner = innerOf(row, name);
    if (inner === undefined && !valuesOfType(place.type).has(name)) refuse(`${place.type}.${name} is not for the pool`);
    const given = this.arguments(field);
    const odd = Object.keys(given).find((argument) => !allowedArguments.has(argument));
    if (odd) refuse(`the argument ${odd} of ${name}`);
    if (gateFields.has(name)) this.#gate = true;
    if (place.type === "Repository" ? !numbered.has(name) : loose.has(name) || loose.has(place.type))
      this.#loose = true;
    this.#noteDrafts(name, given, place);
    if (inner === undefined) {
      this.#leaf(field);
      return;
    }
    if (!field.selectionSet) refuse(`no selection of ${name}`);
    const pull = this.#noteNumber(name, given, place);
    const path = place.path === "" ? name : `${place.path}.${name}`;
    this.#paths.add(path);
    const inside = { ...place, path, pull };
    if (inner.endsWith("[]")) this.#connection(field.selectionSet, inner.slice(0, -2), given, inside);
    else this.#select(field.selectionSet, { ...inside, type: inner, depth: place.depth + 1 });
  }

  #leaf({ name, selectionSet }: FieldNode): void {
    if (selectionSet) refuse(`a selection of ${name.value}`);
  }

  #connection(selections: SelectionSetNode, type: string, given: Values, place: Place): void {
    const size = given.first ?? given.last;
    if (given.first !== undefined && given.last !== undefined) refuse("both first and last");
    if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > largestPage)
      refuse("no page of 1 to 100");
    this.#connections += place.times;
    const inner = { ...place, type, times: place.times * size };
    this.#nodes += inner.times;
    if (inner.times > mostNodes || this.#nodes > mostNodesInAll) refuse("too many items");
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
      this.directives(selection);
      if (++this.#selections > mostSelections) refuse("too many fields");
      if (selection.arguments?.length) refuse("an argument of a list's field");
      if (selection.name.value !== "__typename") take(selection.name.value, selection);
    }
  }

  #noteNumber(name: string, given: Values, { pull }: Place): number | undefined {
    const { number } = given;
    if (typeof number !== "number") return name === "pullRequests" ? undefined : pull;
    // The seal is written with it: `p-1` or `p1.5` would be no name.
    if (!Number.isInteger(number) || number < 1 || number > largestNumber) refuse("a number that GitHub does not give");
    if (name === "issue" || name === "issueOrPullRequest") this.#issues.add(number);
    if (name !== "pullRequest" && name !== "issueOrPullRequest") return pull;
    this.#pulls.add(number);
    return number;
  }

  #noteDrafts(name: string, given: Values, { type, pull }: Place): void {
    if (!draftFields[type]?.includes(name)) return;
    // GraphQL takes one value where a list is wanted.
    const states = [given.states ?? []].flat();
    const sent = states.length > 0 && !states.includes("PENDING");
    if (name === "reviews" && sent) return;
    if (pull === undefined) this.#anyDraft = true;
    else this.#drafts.add(pull);
  }
}

function innerOf({ objects = {} }: TypePolicy, name: string): string | undefined {
  return Object.hasOwn(objects, name) ? objects[name] : undefined;
}

/** GraphQL's largest Int. */
const largestNumber = 2_147_483_647;
const longestShape = 200;

/** The paths that no other goes on from. */
function shapeOf(paths: ReadonlySet<string>): string {
  const ends = [...paths].filter((path) => ![...paths].some((other) => other.startsWith(`${path}.`)));
  const text = ends.sort().join(" ");
  return text.length > longestShape ? `${text.slice(0, longestShape)}…` : text || "repository";
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
