/** gojq keeps objects as Go maps, iterated by sorted key, and numbers as doubles: jq is given its input that way. */
import { compareKeys, Inexact } from "./print.ts";

/** The value's JSON text with all keys sorted. */
export function sortedJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value === "number" && Object.is(value, -0)) throw new Inexact("a negative zero");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, member]) => `${JSON.stringify(key.toWellFormed())}:${sortedJson(member)}`);
  return `{${members.join(",")}}`;
}
