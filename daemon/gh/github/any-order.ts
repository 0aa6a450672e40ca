/**
 * The result of a commit's checks may be the same under any names of its workflows: then the runs of the commit and the
 * names of the repository's workflows need not be read.
 */
import type { RestCheckRun } from "./schemas.ts";

/** Suites of which every order is tried. */
const mostSuites = 4;

/**
 * The check runs in one of the orders that their suites may have, where `show` has the same result for each of them;
 * undefined where it has not, or two runs have one name: gh distinguishes these by their workflow.
 */
export function inAnyOrder(
  runs: readonly RestCheckRun[],
  show: (runs: readonly RestCheckRun[]) => unknown,
): readonly RestCheckRun[] | undefined {
  if (new Set(runs.map(({ name }) => name)).size < runs.length) return undefined;
  const bySuite = Map.groupBy(
    runs.toSorted((a, b) => a.id - b.id),
    (run) => run.check_suite?.id ?? 0,
  );
  if (bySuite.size > mostSuites) return undefined;
  const shown = ordersOf([...bySuite.values()]).map((suites) => suites.flat());
  const [first = []] = shown;
  const text = JSON.stringify(show(first));
  return shown.every((order) => JSON.stringify(show(order)) === text) ? first : undefined;
}

function ordersOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
