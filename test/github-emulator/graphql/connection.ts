import { GraphQLError } from "graphql";

/** The arguments every connection takes. */
export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

interface Connection<T> {
  nodes: T[];
  edges: { node: T; cursor: string }[];
  totalCount: number;
  /** Set when the query gave no bound: GitHub then refuses to list, but still counts. */
  unbounded?: string;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const maxPage = 100;

/**
 * One page of a list. A cursor names its item, so pages stay whole while items join or leave before them.
 * @throws GraphQLError as GitHub refuses: more than 100 a page, or a cursor of another list.
 */
export function connection<T>(
  items: readonly T[],
  page: PageArguments,
  name: string,
  keyOf: (item: T, index: number) => string = defaultKey,
): Connection<T> {
  if (page.first == null && page.last == null) return unbounded(items.length, name);
  checkSize(page, name);
  const cursors = items.map((item, index) => cursorOf(keyOf(item, index)));
  const from = page.after ? position(cursors, page.after, "after") + 1 : 0;
  const to = page.before ? position(cursors, page.before, "before") : items.length;
  const start = page.first == null && page.last != null ? Math.max(from, to - page.last) : from;
  const end = page.first == null ? to : Math.min(to, from + page.first);
  const nodes = items.slice(start, end);
  const shown = cursors.slice(start, end);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: shown[index] ?? "" })),
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < to || end < items.length,
      hasPreviousPage: start > 0,
      startCursor: shown[0] ?? null,
      endCursor: shown.at(-1) ?? null,
    },
  };
}

function unbounded<T>(totalCount: number, name: string): Connection<T> {
  const pageInfo = { hasNextPage: totalCount > 0, hasPreviousPage: false, startCursor: null, endCursor: null };
  return { nodes: [], edges: [], totalCount, unbounded: name, pageInfo };
}

/** The error for a connection without a bound. */
export function missingBounds(name: string): GraphQLError {
  return refusal(
    "MISSING_PAGINATION_BOUNDARIES",
    `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
  );
}

function checkSize(page: PageArguments, name: string): void {
  const size = page.first ?? page.last ?? 0;
  if (size <= maxPage) return;
  throw refusal(
    "EXCESSIVE_PAGINATION",
    `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${maxPage} records.`,
  );
}

function position(cursors: readonly string[], cursor: string, side: string): number {
  const index = cursors.indexOf(cursor);
  if (index >= 0) return index;
  throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor (\`${side}\`).`);
}

/** An error that carries GitHub's `type`. */
export function refusal(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function cursorOf(key: string): string {
  return Buffer.from(`cursor:v2:${key}`).toString("base64");
}

function defaultKey(item: unknown, index: number): string {
  return nodeIdOf(item) ?? String(index);
}

function nodeIdOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  if ("node_id" in item && typeof item.node_id === "string") return item.node_id;
  if ("of" in item) return nodeIdOf(item.of);
  return undefined;
}
