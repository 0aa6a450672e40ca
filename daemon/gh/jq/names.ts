/** gojq refuses a program with an undefined name at any place, so every name is looked up first. */
import type { Node, Pattern } from "./ast.ts";
import { natives } from "./functions.ts";
import { isInPrelude } from "./prelude.ts";
import { specialForms } from "./special-forms.ts";

/** Names of variables (`$x`), of labels (`*$x`) and of functions (`f/1`). */
type Scope = ReadonlySet<string>;

const isBuiltIn = (key: string) =>
  !key.startsWith("_") && (natives.has(key) || specialForms.has(key) || isInPrelude(key));

/** A name that is not defined where it is used, or not known here; undefined where there is none. */
export function undefinedName(node: Node, scope: Scope = new Set()): string | undefined {
  const first = (nodes: readonly (Node | undefined)[], within = scope): string | undefined => {
    for (const each of nodes) {
      const name = each && undefinedName(each, within);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  switch (node.kind) {
    case "variable":
      return scope.has(node.name) ? undefined : node.name;
    case "break":
      return scope.has(`*${node.name}`) ? undefined : `the label ${node.name}`;
    case "label":
      // An inner label of the same name hides the outer one even from the expressions after it.
      return scope.has(`*${node.name}`)
        ? `a second label ${node.name}`
        : undefinedName(node.body, new Set([...scope, `*${node.name}`]));
    case "call": {
      const key = `${node.name}/${node.args.length}`;
      return scope.has(key) || isBuiltIn(key) ? first(node.args) : key;
    }
    case "define": {
      const { name, parameters, body } = node.definition;
      const named = new Set([...scope, `${name}/${parameters.length}`]);
      const inner = parameters.flatMap((parameter) =>
        parameter.startsWith("$") ? [parameter, `${parameter.slice(1)}/0`] : [`${parameter}/0`],
      );
      return undefinedName(body, new Set([...named, ...inner])) ?? undefinedName(node.body, named);
    }
    case "bind":
      return first([node.source]) ?? inPattern(node.pattern, scope, (bound) => undefinedName(node.body, bound));
    case "reduce":
      return (
        first([node.source, node.start]) ?? inPattern(node.pattern, scope, (bound) => undefinedName(node.update, bound))
      );
    case "foreach":
      return (
        first([node.source, node.start]) ??
        inPattern(node.pattern, scope, (bound) => first([node.update, node.extract], bound))
      );
    default:
      return first(childrenOf(node));
  }
}

function inPattern(pattern: Pattern, scope: Scope, use: (bound: Scope) => string | undefined): string | undefined {
  const bound = new Set(scope);
  const keys: Node[] = [];
  const visit = (each: Pattern): void => {
    if (each.kind === "variable") bound.add(each.name);
    else if (each.kind === "array") each.items.forEach(visit);
    else {
      for (const { bind, key, value } of each.members) {
        keys.push(key);
        if (bind !== undefined) bound.add(bind);
        if (value) visit(value);
      }
    }
  };
  visit(pattern);
  for (const key of keys) {
    const name = undefinedName(key, scope);
    if (name !== undefined) return name;
  }
  return use(bound);
}

function childrenOf(node: Node): readonly (Node | undefined)[] {
  switch (node.kind) {
    case "text":
      return node.parts.map((part) => (typeof part === "string" ? undefined : part));
    case "index":
      return [node.term, node.key];
    case "slice":
      return [node.term, node.from, node.to];
    case "each":
      return [node.term];
    case "array":
    case "negate":
      return [node.body];
    case "object":
      return node.members.flatMap(({ key, value }) => [key, value]);
    case "pipe":
    case "comma":
    case "binary":
    case "assign":
      return [node.left, node.right];
    case "if":
      return [node.condition, node.then, node.otherwise];
    case "try":
      return [node.body, node.handler];
    default:
      return [];
  }
}
