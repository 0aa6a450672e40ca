/** Values of a request's variables and arguments, as GitHub would put them in. */
import { Kind, type OperationDefinitionNode, type ValueNode } from "graphql";
import { refuse } from "./refused.ts";

/** Without a prototype: a variable may have any name. */
export type Values = Readonly<Record<string, unknown>>;

/** The values of the variables: given, or by default; an undeclared variable is refused, as by GitHub. */
export function valuesOf(operation: OperationDefinitionNode, given: Values): Values {
  const values: Record<string, unknown> = Object.create(null);
  for (const { variable, defaultValue, directives } of operation.variableDefinitions ?? []) {
    if (directives?.length) refuse("a directive of a variable");
    const name = variable.name.value;
    if (Object.hasOwn(values, name)) refuse("a variable twice");
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    if (own !== undefined) values[name] = own;
    else if (defaultValue !== undefined) values[name] = argumentOf(defaultValue, noVariables);
  }
  const extra = Object.keys(given).find((name) => !Object.hasOwn(values, name));
  if (extra !== undefined) refuse("a variable that is not declared");
  return values;
}

const noVariables: Values = Object.create(null);

/** An argument's value; undefined for a variable without one. */
export function argumentOf(node: ValueNode, variables: Values): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value];
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
      return node.values.map((each) => argumentOf(each, variables));
    case Kind.OBJECT:
      return node.fields.map((field) => [field.name.value, argumentOf(field.value, variables)]);
  }
}

/** One spelling of equal values. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return { fields: entries.map(([name, each]) => [name, canonical(each)]) };
}
