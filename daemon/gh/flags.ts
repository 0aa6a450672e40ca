/**
 * Flags as gh's own parser (spf13/pflag) reads them. A refused command line gets gh's message where the usage of the
 * caller's gh is known, and is {@link NativeRequired} elsewhere.
 */
import { NativeRequired } from "../reader.ts";
import { goQuote, goQuoteRune } from "./go/quote.ts";
import { explainDuration, explainInteger, parseDuration, parseGoInteger } from "./go/values.ts";

/** One flag. `strings` splits each value as CSV (pflag StringSlice), `array` does not (StringArray). */
interface FlagSpec {
  readonly type: "string" | "bool" | "int" | "uint" | "strings" | "array" | "duration";
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
  : S["type"] extends "int" | "uint" | "duration"
    ? number
    : S["type"] extends "strings" | "array"
      ? readonly string[]
      : string;

/**
 * Parsed values: a flag that was not given has its default (empty string, false, 0, empty list). Durations are
 * milliseconds.
 */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/** A parsed command line. */
export interface ParsedFlags<T extends FlagTable> {
  readonly values: FlagValues<T>;
  /** Long names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  /** The positional arguments, in order. */
  readonly positional: readonly string[];
}

/** The caller's gh's own errors about a command's flags. */
export interface FlagRules {
  /** Whether this gh has the flag; the engine need not support it. */
  knows(flag: string): boolean;
  /** The values of a flag with a fixed choice; undefined where the usage names none. */
  choices(flag: string): readonly string[] | undefined;
  /** Throws gh's refusal. */
  refuse(words: string): never;
}

type Value = string | number | boolean | readonly string[];

/**
 * Parses a command's arguments (without its name). Throws CommandFailure with gh's message where pflag refuses, or
 * {@link NativeRequired} where `usage` is undefined, and for flags that this gh has and the engine does not support.
 */
export function parseFlags<T extends FlagTable>(
  table: T,
  args: readonly string[],
  usage: FlagRules | undefined,
): ParsedFlags<T> {
  const values: Record<string, Value> = {};
  for (const [name, spec] of Object.entries(table)) values[name] = spec.default ?? zeroValue(spec);
  const given = new Set<string>();
  const positional: string[] = [];
  const longByShort = new Map(
    Object.entries(table).flatMap(([name, spec]) => (spec.short ? [[spec.short, name] as const] : [])),
  );

  const refuse = (words: string, reason = words): never => {
    if (usage === undefined) throw new NativeRequired(reason);
    return usage.refuse(words);
  };
  /** `-R` stands in the usage of the group, not of the command. */
  const isKnown = (flag: string) => usage === undefined || usage.knows(flag) || /^(?:repo|R)$/.test(flag);
  const specOf = (name: string, whole = `--${name}`): FlagSpec => {
    if (name === "help") throw new NativeRequired("help is asked for");
    if (/^-|^$/.test(name)) return refuse(`bad flag syntax: ${whole}`);
    const spec = table[name];
    if (spec && isKnown(name)) return spec;
    if (usage?.knows(name)) throw new NativeRequired(`unknown flag --${name}`);
    return refuse(`unknown flag: --${name}`, `unknown flag --${name}`);
  };

  const set = (name: string, raw: string) => {
    const spec = specOf(name);
    const previous = given.has(name) ? values[name] : undefined;
    const refuseValue = (problem: string | undefined): never => {
      const reason = `invalid value ${JSON.stringify(raw)} for --${name}`;
      if (problem === undefined) throw new NativeRequired(reason);
      const flag = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
      return refuse(`invalid argument ${goQuote(raw)} for "${flag}" flag: ${problem}`, reason);
    };
    values[name] = parseValue(spec, raw, previous, { refuse: refuseValue, choices: usage?.choices(name) });
    given.add(name);
  };

  const rest = [...args];
  const next = (missing: string): string => rest.shift() ?? refuse(`flag needs an argument: ${missing}`);

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
      const { type } = specOf(name, arg);
      if (equals >= 0) set(name, arg.slice(equals + 1));
      else set(name, type === "bool" ? "true" : next(`--${name}`));
    } else {
      parseCluster(arg.slice(1));
    }
  }

  function parseCluster(cluster: string) {
    for (let letters = cluster; letters !== ""; ) {
      const letter = letters.slice(0, 1);
      const after = letters.slice(1);
      const name = longByShort.get(letter);
      if (name === undefined || !isKnown(letter)) return refuseLetter(letter, letters);
      if (after.startsWith("=") && after.length > 1) return set(name, after.slice(1));
      if (table[name]?.type === "bool") {
        set(name, "true");
        letters = after;
      } else {
        return set(name, after === "" ? next(`${goQuoteRune(letter)} in -${letters}`) : after);
      }
    }
  }

  function refuseLetter(letter: string, letters: string): never {
    const reason = `unknown flag -${letter}`;
    // `-h` asks for help, and letters outside ASCII are read byte by byte.
    if (letter === "h" || !/^[!-~]+$/.test(letters) || usage?.knows(letter)) throw new NativeRequired(reason);
    return refuse(`unknown shorthand flag: ${goQuoteRune(letter)} in -${letters}`, reason);
  }

  return { values: values as FlagValues<T>, given, positional };
}

function zeroValue(spec: FlagSpec): Value {
  if (spec.type === "bool") return false;
  if (spec.type === "int" || spec.type === "uint" || spec.type === "duration") return 0;
  return spec.type === "string" ? "" : [];
}

interface ValueRules {
  /** Go's message for the error in the value; undefined where it is not known. */
  readonly refuse: (problem: string | undefined) => never;
  /** The choices that this gh's usage names. */
  readonly choices: readonly string[] | undefined;
}

function parseValue(spec: FlagSpec, raw: string, previous: Value | undefined, rules: ValueRules): Value {
  const { refuse } = rules;
  switch (spec.type) {
    case "bool":
      return booleans.get(raw) ?? refuse(`strconv.ParseBool: parsing ${goQuote(raw)}: invalid syntax`);
    case "int":
      return parseGoInteger(raw) ?? refuse(explainInteger("ParseInt", raw));
    case "uint": {
      const value = /^[+-]/.test(raw) ? undefined : parseGoInteger(raw);
      return value ?? refuse(explainInteger("ParseUint", raw));
    }
    case "duration":
      return parseDuration(raw) ?? refuse(explainDuration(raw));
    case "string":
      return spec.oneOf ? oneOf(spec.oneOf, spec.lowered ? raw.toLowerCase() : raw, rules) : raw;
    case "array":
      return [...(Array.isArray(previous) ? previous : []), raw];
    case "strings": {
      const parts = splitCsv(raw) ?? refuse(undefined);
      if (parts.length === 0) oneOf(spec.oneOf ?? [""], "", rules);
      const checked = parts.map((part) => (spec.oneOf ? oneOf(spec.oneOf, part, rules) : part));
      return [...(Array.isArray(previous) ? previous : []), ...checked];
    }
  }
}

/** gh takes its choice without regard to case and sends it on as typed, which the engine does not. */
function oneOf(allowed: readonly string[], raw: string, { choices, refuse }: ValueRules): string {
  const lowered = raw.toLowerCase();
  if (choices && !choices.some((choice) => choice.toLowerCase() === lowered)) {
    return refuse(`valid values are {${choices.join("|")}}`);
  }
  return allowed.includes(raw) ? raw : refuse(undefined);
}

/** Go's strconv.ParseBool. */
const booleans = new Map<string, boolean>([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** One record of Go's encoding/csv; undefined for a text that it would refuse. */
function splitCsv(text: string): string[] | undefined {
  if (text === "") return [];
  // Only gh reads multi-line records and quoted fields with line ends.
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
