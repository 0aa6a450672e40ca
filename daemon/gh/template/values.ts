/**
 * Values as a Go template sees them: JSON decoded into `interface{}` (numbers are float64), and the few Go values that
 * literals and functions make.
 */
import { native } from "./unsupported.ts";

/** A Go `int`. */
export class Int {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** `undefined` is the value of a missing key; Go distinguishes it from nil nowhere that matters here. */
export type TemplateValue = null | undefined | boolean | number | string | Int | readonly TemplateValue[] | GoMap;

interface GoMap {
  readonly [key: string]: TemplateValue;
}

export function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

export function isMap(value: TemplateValue): value is GoMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Int);
}

/** A JSON text as Go decodes it. */
export function decodeJson(text: string): TemplateValue {
  return asValue(JSON.parse(text));
}

function asValue(value: unknown): TemplateValue {
  if (typeof value === "string") return value.toWellFormed();
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(asValue);
  const map: Record<string, TemplateValue> = Object.create(null);
  for (const [key, member] of Object.entries(Object(value))) map[key.toWellFormed()] = asValue(member);
  return map;
}

/** Go prints and visits maps by sorted key, compared byte by byte. */
export function sortedKeys(map: GoMap): readonly string[] {
  const keys = Object.keys(map);
  return keys.some((key) => /[\ud800-\udfff]/.test(key))
    ? keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : keys.sort();
}

/** text/template's truth. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  if (value instanceof Int) return value.value !== 0;
  if (typeof value === "string" || isList(value)) return value.length > 0;
  return Object.keys(value).length > 0;
}

/** A field of a value: missing keys give `undefined`, and a value that is not a map is gh's error. */
export function field(value: TemplateValue, name: string): TemplateValue {
  if (value === undefined) return undefined;
  if (value === null || !isMap(value)) return native(`the field ${name} of something else than an object`);
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
