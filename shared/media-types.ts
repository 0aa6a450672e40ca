/** GitHub's JSON, as its documentation names it. */
export const jsonMedia = "application/vnd.github+json";

/** Values of `accept`, in lower case, that GitHub answers with the same bytes. */
export const jsonSpellings: ReadonlySet<string> = new Set([
  "",
  "*/*",
  "application/json",
  jsonMedia,
  "application/vnd.github.v3+json",
]);
