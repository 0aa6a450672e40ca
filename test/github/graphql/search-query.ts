/** A search as GitHub reads it: qualifiers `key:value`, each perhaps negated, and words to be found. */
export interface SearchQuery {
  qualifiers: { key: string; value: string; negated: boolean }[];
  words: { text: string; negated: boolean }[];
  sort: { field: string; direction: "asc" | "desc" } | undefined;
}

const token = /(-)?(?:([\w-]+):)?("(?:[^"\\]|\\.)*"|\S+)/g;

export function parseSearch(text: string): SearchQuery {
  const query: SearchQuery = { qualifiers: [], words: [], sort: undefined };
  for (const [, minus, key, quoted = ""] of text.matchAll(token)) {
    const value = unquote(quoted);
    const negated = minus === "-";
    if (!key) addWord(query, value, negated);
    else if (key === "sort") query.sort = sortOf(value);
    else query.qualifiers.push({ key: key.toLowerCase(), value, negated });
  }
  return query;
}

function addWord(query: SearchQuery, value: string, negated: boolean): void {
  if (value === "AND" || value === "OR" || value === "") return;
  query.words.push({ text: value.toLowerCase(), negated });
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
}

function sortOf(value: string): NonNullable<SearchQuery["sort"]> {
  const [, field = value, direction] = /^(.*?)(?:-(asc|desc))?$/.exec(value) ?? [];
  return { field, direction: direction === "asc" ? "asc" : "desc" };
}

/** `10..20`, `>=5`, `<2026-01-01`, `*..7` or a plain value, on numbers and on dates. */
export function inRange(actual: string | number, range: string): boolean {
  const compareTo = (bound: string, test: (difference: number) => boolean, upper: boolean): boolean =>
    bound === "*" || bound === "" || test(difference(actual, bound, upper));
  const between = /^(.*?)\.\.(.*)$/.exec(range);
  if (between) {
    const [, low = "", high = ""] = between;
    return compareTo(low, (by) => by >= 0, false) && compareTo(high, (by) => by <= 0, true);
  }
  const [, operator = "", bound = ""] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? [];
  if (operator === ">=") return difference(actual, bound, false) >= 0;
  if (operator === "<=") return difference(actual, bound, true) <= 0;
  if (operator === ">") return difference(actual, bound, true) > 0;
  if (operator === "<") return difference(actual, bound, false) < 0;
  return difference(actual, bound, false) >= 0 && difference(actual, bound, true) <= 0;
}

/** A date without a time is a whole day: its end is the bound from above. */
function difference(actual: string | number, bound: string, upper: boolean): number {
  if (typeof actual === "number") return actual - Number(bound);
  const full = /^\d{4}-\d{2}-\d{2}$/.test(bound) ? `${bound}T${upper ? "23:59:59" : "00:00:00"}Z` : bound;
  return Date.parse(actual) - Date.parse(full);
}
