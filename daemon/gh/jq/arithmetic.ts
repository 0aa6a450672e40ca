/** jq's operators on two values. */
import { compare, exact, type Fields, fail, inexact, isArray, isObject, type Value } from "./values.ts";

type Operation = (left: Value, right: Value) => Value;

/** Longer text is not made here. */
const longestText = 10_000_000;

const add: Operation = (left, right) => {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === "number" && typeof right === "number") return exact(left + right);
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (isArray(left) && isArray(right)) return [...left, ...right];
  return isObject(left) && isObject(right) ? new Map([...left, ...right]) : fail();
};

const subtract: Operation = (left, right) => {
  if (typeof left === "number" && typeof right === "number") return exact(left - right);
  if (!isArray(left) || !isArray(right)) return fail();
  return left.filter((item) => !right.some((other) => compare(item, other) === 0));
};

const multiply: Operation = (left, right) => {
  if (typeof left === "number" && typeof right === "number") return exact(left * right);
  if (typeof left === "string" && typeof right === "number") return repeat(left, right);
  if (typeof left === "number" && typeof right === "string") return repeat(right, left);
  return isObject(left) && isObject(right) ? merge(left, right) : fail();
};

/** Of less than once or of no whole number gojq's versions make different things. */
function repeat(text: string, count: number): string {
  if (count < 1 || !Number.isInteger(count)) return inexact("text times a fraction, zero or less");
  return text.length * count > longestText ? inexact("a very long text") : text.repeat(count);
}

function merge(left: Fields, right: Fields): Fields {
  const merged = new Map(left);
  for (const [key, value] of right) {
    const before = merged.get(key);
    const both = before !== undefined && isObject(before) && isObject(value);
    merged.set(key, both ? merge(before, value) : value);
  }
  return merged;
}

const divide: Operation = (left, right) => {
  if (typeof left === "number" && typeof right === "number") return right === 0 ? fail() : exact(left / right);
  if (typeof left !== "string" || typeof right !== "string") return fail();
  return left === "" ? [] : splitText(left, right);
};

/** strings.Split: nothing between the characters of an empty separator. */
export function splitText(text: string, separator: string): readonly string[] {
  return separator === "" ? [...text] : text.split(separator);
}

const modulo: Operation = (left, right) => {
  if (typeof left !== "number" || typeof right !== "number") return fail();
  const divisor = Math.trunc(right);
  if (divisor === 0) return fail();
  const rest = Math.trunc(left) % divisor;
  // Go's integers have no negative zero.
  return rest === 0 ? 0 : exact(rest);
};

const operations = new Map<string, Operation>([
  ["+", add],
  ["-", subtract],
  ["*", multiply],
  ["/", divide],
  ["%", modulo],
  ["==", (left, right) => compare(left, right) === 0],
  ["!=", (left, right) => compare(left, right) !== 0],
  ["<", (left, right) => compare(left, right) < 0],
  ["<=", (left, right) => compare(left, right) <= 0],
  [">", (left, right) => compare(left, right) > 0],
  [">=", (left, right) => compare(left, right) >= 0],
]);

export function operate(operator: string, left: Value, right: Value): Value {
  return (operations.get(operator) ?? fail)(left, right);
}
