import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import {
  buildSchema,
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from "graphql";
import { describe, expect, test } from "vitest";
import { draftFields, members, policy } from "../../../shared/graphql/allowed-fields.ts";
import { denied } from "./denied-fields.ts";

const home = findPackageJSON("@octokit/graphql-schema", import.meta.url) ?? "";
const sdl = readFileSync(join(dirname(home), "schema.graphql"), "utf8");
const schema = buildSchema(sdl, { assumeValidSDL: true });

function fieldsOf(type: string) {
  const found: GraphQLNamedType | undefined = schema.getType(type);
  if (found === undefined) throw new Error(`the schema has no ${type}`);
  return isObjectType(found) || isInterfaceType(found) ? found.getFields() : {};
}

/** The type of a connection's items. */
function itemOf(connection: string): string {
  const nodes = fieldsOf(connection).nodes;
  const node = nodes ? getNamedType(nodes.type) : undefined;
  if (node === undefined) throw new Error(`${connection} is no connection`);
  return node.name;
}

describe.each(Object.entries(policy))("%s", (type, { values, objects = {} }) => {
  test("every plain field exists and has no selection of its own", () => {
    for (const name of values.split(/\s+/).filter(Boolean)) {
      const field = fieldsOf(type)[name];
      expect(field, `${type}.${name}`).toBeDefined();
      expect(field && isCompositeType(getNamedType(field.type)), `${type}.${name}`).toBe(false);
    }
  });

  test("every field with a selection leads where the schema says, and into the policy", () => {
    for (const [name, target] of Object.entries(objects)) {
      const field = fieldsOf(type)[name];
      expect(field, `${type}.${name}`).toBeDefined();
      const named = field ? getNamedType(field.type).name : "";
      const item = target.endsWith("[]") ? itemOf(named) : named;
      expect(`${name}: ${item}`).toBe(`${name}: ${target.replace("[]", "")}`);
      expect(policy[item], item).toBeDefined();
    }
  });

  test("no field is about the viewer", () => {
    const names = [...values.split(/\s+/), ...Object.keys(objects)];
    expect(names.filter((name) => /^viewer|Viewer/.test(name) || name === "authorAssociation")).toEqual([]);
  });
});

test("every member of an interface or a union is one in the schema", () => {
  for (const [type, names] of Object.entries(members)) {
    const found = schema.getType(type);
    const possible = found && (isUnionType(found) || isInterfaceType(found)) ? schema.getPossibleTypes(found) : [];
    expect(possible.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !policy[name])).toEqual([]);
  }
});

test("every field that was left out exists, and is not allowed", () => {
  for (const { type, fields } of denied) {
    for (const name of fields.split(/\s+/).filter(Boolean)) {
      const types = type === "*" ? Object.keys(policy) : [type];
      expect(
        types.some((each) => fieldsOf(each)[name]),
        `${type}.${name}`,
      ).toBe(true);
      for (const each of types) {
        const row = policy[each];
        expect(row?.values.split(/\s+/), `${each}.${name}`).not.toContain(name);
        expect(Object.keys(row?.objects ?? {}), `${each}.${name}`).not.toContain(name);
      }
    }
  }
});

test("every field that shows unsent reviews is an allowed one", () => {
  for (const [type, names] of Object.entries(draftFields)) {
    for (const name of names) expect(Object.keys(policy[type]?.objects ?? {})).toContain(name);
  }
});
