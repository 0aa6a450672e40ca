/**
 * Random GraphQL documents over GitHub's public schema: most follow the policy, some leave it on purpose, by fields of
 * the schema that it denies, fragments on other types, other roots, values of another kind, and odd spellings.
 */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { members, policy } from "../../../shared/graphql/allowed-fields.ts";

interface RandomRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const home = findPackageJSON("@octokit/graphql-schema", import.meta.url) ?? "";
const schema = buildSchema(readFileSync(join(dirname(home), "schema.graphql"), "utf8"), { assumeValidSDL: true });

/** Values that find something in the world, under the name of an argument; some of another kind or place. */
const values: Readonly<Record<string, readonly string[]>> = {
  number: ["2", "2", "2", "1", '"2"', "-1", "$two", "$word"],
  first: ["3", "3", "10", "100", "101", '"3"', "$two"],
  name: ['"bug"', '"main"', '"README.md"', '"treasury"', "$word"],
  expression: ['"main"', '"HEAD:README.md"', '"refs/pull/2/head"'],
  qualifiedName: ['"refs/heads/main"'],
  refPrefix: ['"refs/heads/"', '"refs/pull/"'],
  states: ["OPEN", "[OPEN, CLOSED]", "[PENDING]", "[APPROVED, COMMENTED]", '"OPEN"', "$word"],
  orderBy: ["{ field: CREATED_AT, direction: DESC }", "{ field: NONE }"],
  login: ['"ada-okafor"', '"lumen-labs"'],
  owner: ['"lumen-labs"'],
};

/** The last is of the wrong kind. */
const directives = ["@include(if: $yes)", "@skip(if: $no)", "@include(if: false)", "@skip(if: $two)"];
const declarations = "$yes: Boolean!, $no: Boolean!, $two: Int!, $word: String!";
const given = { yes: true, no: false, two: 2, word: "treasury" };

/** Where an unsent review shows, and the way there. */
const temptations: Readonly<Record<string, readonly string[]>> = {
  Repository: ["pullRequest"],
  PullRequest: ["reviews", "reviewThreads", "latestReviews"],
};

/** Ways to write the repository's owner and name; not all of them name it. */
const places = [
  'owner: "lumen-labs", name: "lantern"',
  'owner: "lumen-labs", name: "lantern"',
  'owner: "lumen-labs", name: "lantern"',
  'owner: "LUMEN-labs", name: "Lantern"',
  'owner: "\\u006cumen-labs", name: "\\u{6c}antern"',
  'owner: """lumen-labs""", name: "lantern"',
  'owner: "lumen-labs", name: "treasury"',
  'owner: "lumen-labs", name: $word',
  'owner: "lumen-labs", name: "lantern", followRenames: true',
];

const beside = [
  "viewer { login }",
  "viewer { repositories(first: 3) { nodes { name } } }",
  'again: repository(owner: "lumen-labs", name: "lantern") { viewerPermission }',
  'repository(owner: "lumen-labs", name: "treasury") { name }',
  'organization(login: "lumen-labs") { repositories(first: 5) { totalCount } }',
  "rateLimit { remaining }",
  "__schema { queryType { name } }",
  "__typename",
];

type Pick = <T>(from: readonly T[]) => T;

class Writer {
  readonly #pick: Pick;
  readonly #chance: (of100: number) => boolean;
  readonly fragments: string[] = [];

  constructor(pick: Pick, chance: (of100: number) => boolean) {
    this.#pick = pick;
    this.#chance = chance;
  }

  /** One to four fields of a type. */
  selection(type: GraphQLNamedType, depth: number): string {
    const parts = Array.from({ length: this.#pick([1, 1, 2, 3, 4]) }, () => this.#part(type, depth));
    return parts.join(" ");
  }

  #part(type: GraphQLNamedType, depth: number): string {
    if (depth > 0 && (isAbstractType(type) || this.#chance(12))) return this.#fragment(type, depth);
    const name = this.#fieldName(type);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    const alias = this.#chance(6) ? `${this.#pick(["name", "a", "state", "viewer"])}: ` : "";
    const directive = this.directive();
    if (field === undefined) return `${alias}${name} ${directive}`;
    return `${alias}${name}${this.#arguments(field)} ${directive}${this.#inside(field, depth)}`;
  }

  #inside(field: GraphQLField<unknown, unknown>, depth: number): string {
    const target = getNamedType(field.type);
    if (!isCompositeType(target)) return "";
    if (depth === 0) return " { __typename }";
    const isConnection = target.name.endsWith("Connection");
    const nodes = isConnection && isObjectType(target) ? target.getFields().nodes : undefined;
    if (nodes === undefined) return ` { ${this.selection(target, depth - 1)} }`;
    const list = this.#chance(10) ? "edges { node" : "nodes";
    const more = this.#chance(30) ? "totalCount " : "";
    const close = list === "nodes" ? "" : " }";
    return ` { ${more}${list} { ${this.selection(getNamedType(nodes.type), depth - 1)} }${close} }`;
  }

  directive(): string {
    if (!this.#chance(20)) return "";
    return this.#chance(95) ? this.#pick(directives.slice(0, 3)) : this.#pick(directives);
  }

  /** Mostly fields that the policy allows; else anything that the schema has. */
  #fieldName(type: GraphQLNamedType): string {
    const { values: plain = "", objects = {} } = policy[type.name] ?? {};
    const allowed = [...plain.split(/\s+/).filter(Boolean), ...Object.keys(objects), ...Object.keys(objects)];
    const any = isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];
    const tempting = temptations[type.name];
    if (tempting !== undefined && this.#chance(35)) return this.#pick(tempting);
    if (allowed.length > 0 && !this.#chance(2)) return this.#pick(allowed);
    return this.#pick(any.length > 0 ? any : ["__typename"]);
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const isList = getNamedType(field.type).name.endsWith("Connection");
    const chosen = field.args.filter(({ name, type }) => {
      if (isNonNullType(type) || (isList && name === "first")) return !this.#chance(2);
      return Object.hasOwn(values, name) && this.#chance(8);
    });
    const written = chosen.map(({ name }) => {
      const known = values[name] ?? ['"x"'];
      return `${name}: ${this.#chance(93) ? (known[0] ?? "") : this.#pick(known)}`;
    });
    return written.length === 0 ? "" : `(${written.join(", ")})`;
  }

  #fragment(type: GraphQLNamedType, depth: number): string {
    const allowed = members[type.name] ?? [type.name];
    const strange = ["Node", "User", "Repository", "Organization", "PullRequestReview", "Actor"];
    const name = this.#chance(96) ? this.#pick(allowed) : this.#pick(strange);
    const target = schema.getType(name) ?? type;
    const inner = this.selection(target, depth - 1);
    if (this.#chance(60)) return `... on ${target.name} ${this.directive()} { ${inner} }`;
    const label = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${label} on ${target.name} { ${inner} }`);
    return `...${label} ${this.directive()}`;
  }
}

// Builders of their own, with few and small arguments: fast-check compares each call's with those of all calls before.
const indexBelow = (length: number) => fc.nat({ max: length - 1 });
const percent = () => fc.nat({ max: 99 });

/** A request that is often for the pool, and often just not. */
export const randomRequest: fc.Arbitrary<RandomRequest> = fc.gen().map((g) => {
  const pick: Pick = (from) => {
    const picked = from[g(indexBelow, from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  };
  const chance = (of100: number) => g(percent) < of100;
  const writer = new Writer(pick, chance);
  const repository = schema.getType("Repository");
  if (repository === undefined) throw new Error("the schema has no Repository");
  const selection = writer.selection(repository, pick([2, 3, 4, 5]));
  const roots = [`repository(${pick(places)}) ${writer.directive()} { ${selection} }`];
  if (chance(10)) roots.splice(pick([0, 1]), 0, pick(beside));
  const body = `{ ${roots.join(" ")} }`;
  const query = [`query Q(${declarations}) ${body}`, ...writer.fragments].join("\n");
  // GitHub refuses variables that are declared and not used: they are put in where they are missing.
  const used = Object.keys(given).filter((name) => new RegExp(`[^(]\\$${name}\\b(?!:)`).test(query));
  const declared = declarations.split(", ").filter((each) => used.some((name) => each.startsWith(`$${name}:`)));
  const head = declared.length === 0 ? "query Q" : `query Q(${declared.join(", ")})`;
  const variables = Object.fromEntries(Object.entries(given).filter(([name]) => used.includes(name)));
  return { query: query.replace(`query Q(${declarations})`, head), variables };
});
