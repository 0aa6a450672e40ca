/** Reading and changing values by key, slice and path, as gojq's index functions do. */
import { exact, type Fields, fail, inexact, isArray, isObject, type Value } from "./values.ts";

/** The longest array that an assignment beyond its end makes. */
const longestFill = 100_000;

/** `value[key]`. */
export function indexed(value: Value, key: Value): Value {
  if (isObject(key)) return sliceBy(value, key);
  if (isArray(key)) return isArray(value) ? positionsIn(value, key) : value === null ? null : fail();
  if (value === null) return typeof key === "string" || typeof key === "number" ? null : fail();
  if (isObject(value)) return typeof key === "string" ? (value.get(key) ?? null) : fail();
  if (isArray(value)) return typeof key === "number" ? (value[position(key, value.length)] ?? null) : fail();
  if (typeof value !== "string" || typeof key !== "number") return fail();
  const characters = [...value];
  return characters[position(key, characters.length)] ?? null;
}

function position(key: number, length: number): number {
  const whole = Math.trunc(key);
  return whole < 0 ? whole + length : whole;
}

function sliceBy(value: Value, key: Fields): Value {
  if (![...key.keys()].every((name) => name === "start" || name === "end")) return fail();
  return sliced(value, key.get("start") ?? null, key.get("end") ?? null);
}

/** `value[from:to]`. */
export function sliced(value: Value, from: Value, to: Value): Value {
  if (value === null) return null;
  if (isArray(value)) return value.slice(...range(value.length, from, to));
  if (typeof value !== "string") return fail();
  const characters = [...value];
  return characters.slice(...range(characters.length, from, to)).join("");
}

/** Of a fraction the whole part counts; for the second end only in some versions. */
function range(length: number, from: Value, to: Value): [number, number] {
  const clip = (value: Value, absent: number) => {
    if (value === null) return absent;
    if (typeof value !== "number") return fail();
    return Math.min(length, Math.max(0, position(value, length)));
  };
  if (typeof to === "number" && !Number.isInteger(to)) return inexact("a slice up to a fraction");
  const [start, end] = [clip(from, 0), clip(to, length)];
  return [start, Math.max(start, end)];
}

/** The position of one list in another. */
export function positionsIn(list: readonly Value[], part: readonly Value[]): Value {
  if (part.length === 0) return null;
  const found: number[] = [];
  for (let at = 0; at + part.length <= list.length; at++) {
    if (part.every((value, offset) => same(list[at + offset] ?? null, value))) found.push(at);
  }
  return found;
}

function same(a: Value, b: Value): boolean {
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((value, at) => same(value, b[at] ?? null));
  if (!isObject(a)) return a === b;
  if (!isObject(b) || a.size !== b.size) return false;
  return [...a].every(([key, value]) => b.has(key) && same(value, b.get(key) ?? null));
}

export function getPath(value: Value, path: readonly Value[]): Value {
  let current = value;
  for (const key of path) current = current === null ? null : indexed(current, key);
  return current;
}

/** The value with the part at the path replaced. */
export function setPath(value: Value, path: readonly Value[], next: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (isObject(key)) return setSlice(value, key, rest, next);
  if (typeof key === "string") {
    if (value !== null && !isObject(value)) return fail();
    return new Map(value ?? []).set(key, setPath(value?.get(key) ?? null, rest, next));
  }
  if (typeof key !== "number" || (value !== null && !isArray(value))) return fail();
  const list = value ?? [];
  const at = position(key, list.length);
  if (at < 0) return fail();
  if (at > longestFill) return inexact("a very long array");
  const filled = [...list, ...Array.from({ length: Math.max(0, at - list.length) }, () => null)];
  filled[at] = setPath(list[at] ?? null, rest, next);
  return filled;
}

function setSlice(value: Value, key: Fields, rest: readonly Value[], next: Value): Value {
  if (value !== null && !isArray(value)) return fail();
  const list = value ?? [];
  const [start, end] = range(list.length, key.get("start") ?? null, key.get("end") ?? null);
  const part = setPath(value === null ? null : list.slice(start, end), rest, next);
  return isArray(part) ? [...list.slice(0, start), ...part, ...list.slice(end)] : fail();
}

/** Marks a place for removal: the places of other paths stay where they are until all are marked. */
const removed: Value = new Map([["removed", true]]);

/** The value without the parts at the paths. */
export function deletePaths(value: Value, paths: readonly (readonly Value[])[]): Value {
  let marked = value;
  for (const path of paths) {
    if (path.length === 0) return null;
    marked = mark(marked, path);
  }
  return withoutMarked(marked);
}

function mark(value: Value, path: readonly Value[]): Value {
  const [key, ...rest] = path;
  if (key === undefined || value === removed) return removed;
  // gojq leaves its own marks in null values along the path.
  if (value === null) return inexact("a deletion inside null");
  if (isObject(key)) {
    if (!isArray(value)) return fail();
    if (rest.length > 0) return inexact("a deletion inside a slice");
    const [start, end] = range(value.length, key.get("start") ?? null, key.get("end") ?? null);
    return value.map((item, at) => (at >= start && at < end ? removed : item));
  }
  if (isObject(value)) {
    if (typeof key !== "string") return fail();
    const member = value.get(key);
    if (member === undefined) return rest.length > 0 ? inexact("a deletion inside null") : value;
    return new Map(value).set(key, mark(member, rest));
  }
  if (!isArray(value) || typeof key !== "number") return fail();
  const at = position(key, value.length);
  const item = value[at];
  if (item === undefined) return rest.length > 0 ? inexact("a deletion inside null") : value;
  return value.with(exact(at), mark(item, rest));
}

function withoutMarked(value: Value): Value {
  if (value === removed) return null;
  if (isArray(value)) return value.filter((item) => item !== removed).map(withoutMarked);
  if (!isObject(value)) return value;
  return new Map([...value].filter(([, item]) => item !== removed).map(([key, item]) => [key, withoutMarked(item)]));
}
