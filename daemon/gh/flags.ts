/**
 * Flags as gh's own parser (spf13/pflag) reads them. Whatever pflag would refuse is not explained here: the real gh
 * says it in its own words, so a refusal is {@link NativeRequired}.
 */
import { NativeRequired } from "../reader.ts";
import { parseDuration, parseGoInteger } from "./go/values.ts";

/** One flag. `strings` splits each value as CSV (pflag StringSlice), `array` does not (StringArray). */
export interface FlagSpec {
  readonly type: "string" | "bool" | "int" | "strings" | "array" | "duration";
  /** One letter. */
  readonly short?: string;
  /** Allowed values. gh takes them without regard to case and sends them on as typed, so other spellings are native. */
  readonly oneOf?: readonly string[];
  /** gh itself puts the value into lower case. */
  readonly lowered?: boolean;
  readonly default?: string | number | boolean;
}

/** Flags of one command by long name. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

type FlagValue<S extends FlagSpec> = S["type"] extends "bool"
  ? boolean
  : S["type"] extends "int" | "duration"
    ? number
    : S["type"] extends "strings" | "array"
      ? readonly string[]
      : string;

/** Parsed values: a flag that was not given has its default (empty string, false, 0, empty list). Durations are milliseconds. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/** A parsed command line. */
export interface ParsedFlags<T extends FlagTable> {
  readonly values: FlagValues<T>;
  /** Long names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  /** What is left: the positional arguments, in order. */
  readonly positional: readonly string[];
}

type Value = string | number | boolean | readonly string[];

/** Parses a command's arguments (without its name). Throws {@link NativeRequired} for whatever pflag would refuse. */
export function parseFlags<T extends FlagTable>(table: T, args: readonly string[]): ParsedFlags<T> {
  const values: Record<string, Value> = {};
  for (const [name, spec] of Object.entries(table)) values[name] = spec.default ?? zeroValue(spec);
  const given = new Set<string>();
  const positional: string[] = [];
  const longByShort = new Map(
    Object.entries(table).flatMap(([name, spec]) => (spec.short ? [[spec.short, name] as const] : [])),
  );

  const set = (name: string, raw: string) => {
    const spec = table[name];
    if (!spec) throw new NativeRequired(`unknown flag --${name}`);
    const previous = given.has(name) ? values[name] : undefined;
    values[name] = parseValue(name, spec, raw, previous);
    given.add(name);
  };

  const rest = [...args];
  const next = (name: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new NativeRequired(`flag --${name} needs an argument`);
    return value;
  };

  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      positional.push(...rest);
      break;
    }
    if (arg.length < 2 || !arg.startsWith("-")) {
      positional.push(arg);
    } else if (arg.startsWith("--")) {
      const equals = arg.indexOf("=");
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
      if (equals >= 0) set(name, arg.slice(equals + 1));
      else if (table[name]?.type === "bool") set(name, "true");
      else if (table[name]) set(name, next(name));
      else throw new NativeRequired(`unknown flag --${name}`);
    } else {
      parseCluster(arg.slice(1));
    }
  }

  function parseCluster(cluster: string) {
    for (let letters = cluster; letters !== ""; ) {
      const letter = letters.slice(0, 1);
      const after = letters.slice(1);
      const name = longByShort.get(letter);
      if (name === undefined) throw new NativeRequired(`unknown flag -${letter}`);
      if (after.startsWith("=") && after.length > 1) return set(name, after.slice(1));
      if (table[name]?.type === "bool") {
        set(name, "true");
        letters = after;
      } else {
        return set(name, after === "" ? next(name) : after);
      }
    }
  }

  return { values: values as FlagValues<T>, given, positional };
}

function zeroValue(spec: FlagSpec): Value {
  if (spec.type === "bool") return false;
  if (spec.type === "int" || spec.type === "duration") return 0;
  return spec.type === "string" ? "" : [];
}

function parseValue(name: string, spec: FlagSpec, raw: string, previous: Value | undefined): Value {
  const refuse = () => new NativeRequired(`invalid value ${JSON.stringify(raw)} for --${name}`);
  switch (spec.type) {
    case "bool": {
      const value = booleans.get(raw);
      if (value === undefined) throw refuse();
      return value;
    }
    case "int": {
      const value = parseGoInteger(raw);
      if (value === undefined) throw refuse();
      return value;
    }
    case "duration": {
      const value = parseDuration(raw);
      if (value === undefined) throw refuse();
      return value;
    }
    case "string":
      return spec.oneOf ? oneOf(spec.oneOf, spec.lowered ? raw.toLowerCase() : raw, refuse) : raw;
    case "array":
      return [...(Array.isArray(previous) ? previous : []), raw];
    case "strings": {
      const parts = splitCsv(raw);
      if (parts === undefined || (parts.length === 0 && spec.oneOf)) throw refuse();
      const checked = parts.map((part) => (spec.oneOf ? oneOf(spec.oneOf, part, refuse) : part));
      return [...(Array.isArray(previous) ? previous : []), ...checked];
    }
  }
}

function oneOf(allowed: readonly string[], raw: string, refuse: () => NativeRequired): string {
  if (!allowed.includes(raw)) throw refuse();
  return raw;
}

/** Go's strconv.ParseBool. */
const booleans = new Map<string, boolean>([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** One record of Go's encoding/csv; undefined for what it would refuse. */
export function splitCsv(text: string): string[] | undefined {
  if (text === "") return [];
  // Multi-line records and quoted fields with line ends are gh's to read.
  if (/[\r\n]/.test(text)) return undefined;
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    if (rest.startsWith('"')) {
      const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
      if (!quoted) return undefined;
      fields.push((quoted[1] ?? "").replaceAll('""', '"'));
      if (quoted[2] !== ",") return fields;
      rest = rest.slice(quoted[0].length);
    } else {
      const comma = rest.indexOf(",");
      const field = comma < 0 ? rest : rest.slice(0, comma);
      if (field.includes('"')) return undefined;
      fields.push(field);
      if (comma < 0) return fields;
      rest = rest.slice(comma + 1);
    }
  }
}
