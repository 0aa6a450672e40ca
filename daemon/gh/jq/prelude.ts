/** Functions of gojq that are written in jq, read when a program first uses them. */
import type { Definition } from "./ast.ts";
import { parseDefinition } from "./parse.ts";

const sources = `
def not: if . then false else true end;
def select(f): if f then . else empty end;
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def recurse: recurse(.[]?);
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def with_entries(f): to_entries | map(f) | from_entries;
def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while;
def repeat(f): def _repeat: f, _repeat; _repeat;
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def all: all(.[]; .);
def all(y): all(.[]; y);
def any: any(.[]; .);
def any(y): any(.[]; y);
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(f): INDEX(.[]; f);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): _unique_by(map([f]));
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def paths: path(..) | select(. != []);
def paths(f): path(.. | select(f)) | select(. != []);
def leaf_paths: paths(scalars);
def del(f): delpaths([path(f)]);
def match($re): match($re; null);
def match($re; $flags): _matches($re; $flags) | .[];
def test($re): test($re; null);
def test($re; $flags): _matches($re; $flags) | . != [];
def capture($re): capture($re; null);
def capture($re; $flags): match($re; $flags) | reduce (.captures[] | select(.name != null)) as $c ({}; .[$c.name] = $c.string);
def scan($re): match($re; "g") | if .captures == [] then .string else [.captures[].string] end;
def splits($re): splits($re; null);
def splits($re; $flags): split($re; $flags) | .[];
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%S%z") | mktime;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdate: fromdateiso8601;
def todate: todateiso8601;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def walk(f): def _walk: if type == "array" then map(_walk) elif type == "object" then map_values(_walk) else . end | f; _walk;
`
  .trim()
  .split("\n");

const sourceOf = new Map(
  sources.map((source): [string, string] => {
    const [, name = "", parameters = ""] = /^def (\w+)(?:\(([^)]*)\))?:/.exec(source) ?? [];
    return [`${name}/${parameters === "" ? 0 : parameters.split(";").length}`, source];
  }),
);
const read = new Map<string, Definition>();

export function isInPrelude(key: string): boolean {
  return sourceOf.has(key);
}

/** The definition of `name/arity`. */
export function preludeDefinition(key: string): Definition | undefined {
  const source = sourceOf.get(key);
  if (source === undefined) return undefined;
  const definition = read.get(key) ?? parseDefinition(source);
  read.set(key, definition);
  return definition;
}
