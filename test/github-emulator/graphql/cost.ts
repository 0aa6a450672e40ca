import { type DocumentNode, Kind, type SelectionSetNode, valueFromASTUntyped } from "graphql";

type Variables = Record<string, unknown>;

/** Points: a hundredth of the requests that the connections amount to, at least 1 (GitHub's rule of thumb). */
export function costOf(document: DocumentNode, variables: Variables): number {
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet] as const] : [],
    ),
  );
  const requests = (selection: SelectionSetNode | undefined, parents: number): number => {
    let sum = 0;
    for (const each of selection?.selections ?? []) {
      if (each.kind === Kind.FRAGMENT_SPREAD) sum += requests(fragments.get(each.name.value), parents);
      else if (each.kind === Kind.INLINE_FRAGMENT) sum += requests(each.selectionSet, parents);
      else {
        const size = pageSize(each.arguments ?? [], variables);
        sum += (size === undefined ? 0 : parents) + requests(each.selectionSet, parents * (size ?? 1));
      }
    }
    return sum;
  };
  const total = document.definitions.reduce(
    (sum, each) => sum + (each.kind === Kind.OPERATION_DEFINITION ? requests(each.selectionSet, 1) : 0),
    0,
  );
  return Math.max(1, Math.round(total / 100));
}

interface Argument {
  readonly name: { readonly value: string };
  readonly value: Parameters<typeof valueFromASTUntyped>[0];
}

function pageSize(given: readonly Argument[], variables: Variables): number | undefined {
  const bound = given.find((argument) => argument.name.value === "first" || argument.name.value === "last");
  const size = bound && valueFromASTUntyped(bound.value, variables);
  return typeof size === "number" ? size : undefined;
}
