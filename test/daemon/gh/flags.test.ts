import { describe, expect, test } from "vitest";
import { type FlagTable, parseFlags } from "../../../daemon/gh/flags.ts";
import { NativeRequired } from "../../../daemon/reader.ts";

const table = {
  limit: { type: "int", short: "L", default: 30 },
  json: { type: "strings" },
  header: { type: "array", short: "H" },
  state: { type: "string", short: "s", oneOf: ["open", "closed"], default: "open", lowered: true },
  order: { type: "string", oneOf: ["asc", "desc"] },
  match: { type: "strings", oneOf: ["title", "body"] },
  draft: { type: "bool", short: "d" },
  web: { type: "bool", short: "w" },
  cache: { type: "duration" },
} as const satisfies FlagTable;

const parse = (...args: string[]) => parseFlags(table, args, undefined);

describe("flags parse as pflag parses them", () => {
  test.each([
    [["-L5"], 5],
    [["-L", "5"], 5],
    [["-L=5"], 5],
    [["--limit=5"], 5],
    [["--limit", "5"], 5],
    [["-L5", "--limit", "7"], 7],
    [["-L", "0x10"], 16],
    [["-L", "010"], 8],
    [["-L", "0o10"], 8],
    [["-L", "0b11"], 3],
    [["-L", "1_000"], 1000],
    [["-L", "+4"], 4],
    [["-L", "-4"], -4],
  ])("%j sets the limit", (args, limit) => {
    expect(parse(...args).values.limit).toBe(limit);
  });

  test("a list flag splits its values as CSV and adds them up", () => {
    expect(parse("--json", "a,b", "--json=c", "--json", '"d,e"').values.json).toEqual(["a", "b", "c", "d,e"]);
  });

  test("an array flag keeps each value whole", () => {
    expect(parse("-H", "a: 1,2", "-Hb:3").values.header).toEqual(["a: 1,2", "b:3"]);
  });

  test("short flags without a value stand together, the last of them may take one", () => {
    const { values } = parse("-dwL7");
    expect(values).toMatchObject({ draft: true, web: true, limit: 7 });
  });

  test("everything after -- is an argument, and a lone - is one too", () => {
    expect(parse("a", "-", "--", "-L", "--x").positional).toEqual(["a", "-", "-L", "--x"]);
  });

  test("flags and arguments mix", () => {
    const { positional, values, given } = parse("7", "--json", "a", "8", "-d=false");
    expect(positional).toEqual(["7", "8"]);
    expect(values.draft).toBe(false);
    expect([...given].sort()).toEqual(["draft", "json"]);
  });

  test("an allowed value in another spelling is taken only where gh itself lowers it", () => {
    expect(parse("-s", "OPEN").values.state).toBe("open");
    expect(() => parse("--order", "ASC")).toThrow(NativeRequired);
  });

  test("an empty list is no allowed value", () => {
    expect(() => parse("--match", "")).toThrow(NativeRequired);
  });

  test("durations are Go's", () => {
    expect(parse("--cache", "1h1m1.5s").values.cache).toBe(3_661_500);
    expect(parse("--cache", "100ms").values.cache).toBe(100);
  });

  test.each([
    [["--nope"]],
    [["-x"]],
    [["-dx"]],
    [["-L"]],
    [["--limit"]],
    [["-L", "5.5"]],
    [["-L", "five"]],
    [["-L", "0x"]],
    [["-L", "09"]],
    [["-L", "1__0"]],
    [["-L", "99999999999999999999"]],
    [["-s", "merged"]],
    [["--draft=maybe"]],
    [["--cache", "5"]],
    [["--json", '"open']],
    [["--json", 'a"b']],
  ])("%j is left to the real gh", (args) => {
    expect(() => parse(...args)).toThrow(NativeRequired);
  });
});

describe("one CSV record", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a,", ["a", ""]],
    ['"a""b",c', ['a"b', "c"]],
  ])("%j", (text, fields) => {
    expect(parse("--json", text).values.json).toEqual(fields);
  });
});
