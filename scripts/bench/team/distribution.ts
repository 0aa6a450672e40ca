/** How values and names are spread. */

/** Shares of 1, the greatest first. */
export function shares<T>(items: readonly T[], name: (item: T) => string): readonly (readonly [string, number])[] {
  const counted = [...Map.groupBy(items, name)].map(([key, list]) => [key, list.length / items.length] as const);
  return counted.toSorted(([, a], [, b]) => b - a);
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}
