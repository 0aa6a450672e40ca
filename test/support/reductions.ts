/** The changes that the relay may make in GitHub's bodies, for tests that compare the two. */

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isRepository = (value: unknown): value is { readonly private: unknown } =>
  isObject(value) && "full_name" in value && "html_url" in value && "private" in value;

/**
 * Every difference between GitHub's body and the relay's that no documented reduction explains.
 *
 * @param cut whether fields may be left out: views of repositories and users are cut to their public fields
 */
export function difference(before: unknown, after: unknown, cut: boolean, at = ""): string[] {
  if (after === null && isRepository(before) && before.private !== false) return [];
  if (!isObject(before) || !isObject(after)) {
    return Object.is(before, after) ? [] : [`${at}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
  }
  const added = Object.keys(after).filter((key) => !(key in before));
  const lost = Object.keys(before).filter((key) => !(key in after) && !cut);
  const inside = Object.keys(after).flatMap((key) =>
    difference(before[key], after[key], cut && (key === "parent" || key === "source"), `${at}/${key}`),
  );
  return [...added.map((key) => `${at}/${key} appeared`), ...lost.map((key) => `${at}/${key} is gone`), ...inside];
}
