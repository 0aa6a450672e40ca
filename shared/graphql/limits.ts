/** Bounds of the queries that the pool answers. The real gh runs a larger one. */

/** Bytes of the query, and of the variables. */
export const longestQuery = 16 * 1024;
/** gh's own list of pull requests with the workflows of their checks has 13 levels. */
export const deepest = 14;
/** Brackets within each other, in the query and in the variables: levels, their arguments and types, and room. */
export const deepestBrackets = 48;
export const mostTokens = 4_000;
export const mostSelections = 2_000;
/** Items of one page. */
export const largestPage = 100;
/** Items that one list may come to, with the lists around it, and those of all lists together. */
export const mostNodes = 10_000;
export const mostNodesInAll = 20_000;
/** GitHub's points for one query: a hundredth of the requests that its lists amount to. */
export const mostPoints = 10;
