/**
 * Functions that jq and the gojq inside gh are known to compute alike, with the numbers of arguments that both take.
 * What is not named here makes the expression native. Found by running both on the same expressions.
 */
const arities: readonly (readonly [string, readonly number[]])[] = [
  ["empty not true false null type length utf8bytelength keys values nulls booleans numbers strings arrays", [0]],
  ["objects iterables scalars floor ceil round fabs sort reverse unique min max flatten add any all", [0]],
  ["to_entries from_entries tostring tonumber tojson fromjson ascii_downcase ascii_upcase explode", [0]],
  ["paths leaf_paths recurse first last transpose now fromdate fromdateiso8601 todate todateiso8601", [0]],
  ["select map map_values with_entries has in inside contains sort_by group_by unique_by min_by max_by", [1]],
  ["join split startswith endswith ltrimstr rtrimstr del path getpath delpaths index rindex indices", [1]],
  ["any all flatten first last nth recurse range walk isempty test match capture scan splits IN INDEX paths", [1]],
  ["setpath limit until while range any all nth sub gsub test match capture scan splits split IN INDEX", [2]],
  ["range sub gsub", [3]],
];

/** Allowed numbers of arguments by name. */
export const builtins: ReadonlyMap<string, ReadonlySet<number>> = (() => {
  const table = new Map<string, Set<number>>();
  for (const [names, counts] of arities) {
    for (const name of names.split(" ")) {
      const known = table.get(name) ?? new Set<number>();
      for (const count of counts) known.add(count);
      table.set(name, known);
    }
  }
  return table;
})();

/** Functions whose first argument is a regular expression, with the position of their flags. */
export const regexFunctions: ReadonlyMap<string, { readonly flags: number; readonly all: boolean }> = new Map([
  ["test", { flags: 1, all: false }],
  ["match", { flags: 1, all: false }],
  ["capture", { flags: 1, all: false }],
  ["scan", { flags: 1, all: true }],
  ["splits", { flags: 1, all: true }],
  ["sub", { flags: 2, all: false }],
  ["gsub", { flags: 2, all: true }],
]);

/** They count in bytes in one implementation and in characters in the other. */
export const asciiFunctions: ReadonlySet<string> = new Set(["index", "rindex", "indices"]);

/** They visit the members of what may be an object, in its own order. */
export const iterators: ReadonlySet<string> = new Set(["recurse", "paths", "leaf_paths", "flatten", "INDEX"]);

/** They make or change objects without sorting their keys. */
export const unsortedMakers: ReadonlySet<string> = new Set(["setpath"]);

/** Their arguments run in a loop, so what stands first in them may run after what stands last. */
export const loops: ReadonlySet<string> = new Set(["recurse", "until", "while", "limit", "walk"]);

/**
 * Definitions put before the expression where it uses them, so that objects iterate by sorted key as in gojq, and so that what the two
 * write differently stops the program (`halt_error` cannot be caught) and the real gh answers.
 */
const prelude = `
def _o: if type == "object" then . as $o | reduce keys[] as $k ({}; .[$k] = $o[$k]) else . end;
def _deep: if type == "object" then . as $o | reduce keys[] as $k ({}; .[$k] = ($o[$k] | _deep))
  elif type == "array" then map(_deep) else . end;
def _n: if type == "number" and ((. >= 1e15) or (. <= -1e15) or (. != floor and (fabs < 1e-4))) then halt_error
  else . end;
def _numbers: if type == "number" then _n elif type == "array" or type == "object" then (.[] |= _numbers) else . end;
def _str: if type == "string" then . elif type == "number" then _n elif type == "array" or type == "object"
  then (_deep | _numbers) else . end;
def _tostring: tostring; def tostring: _str | _tostring;
def _tojson: tojson; def tojson: _deep | _numbers | _tojson;
def _cells: if type == "array" then map(_n) else . end;
def _values: if type == "object" then .[keys[]] else .[] end;
def map(f): [_values | f];
def _add: add; def add: if type == "object" then [_values] else . end | _add | _o;
def _join($x): join($x); def join($x): [_values] | _cells | _join($x);
def to_entries: [keys[] as $k | {key: $k, value: .[$k]}];
def _array: if type == "array" then . else halt_error end;
def _reverse: reverse; def reverse: _array | _reverse;
def _from_entries: from_entries; def from_entries: _array | _from_entries | _o;
def _del(f): del(f); def del(f): if . == null then halt_error else _del(f) end;
def _delpaths($p): delpaths($p); def delpaths($p): if . == null then halt_error else _delpaths($p) end;
def with_entries(f): to_entries | map(f) | from_entries;
def leaf_paths: paths(scalars);
def _fromjson: fromjson; def fromjson: _fromjson | _deep | _numbers;
def _INDEX(s; f): INDEX(s; f); def INDEX(s; f): _INDEX(s; f) | _o; def INDEX(f): INDEX(.[]; f);
def _listed: if type == "string" or type == "array" or . == null then . else halt_error end;
def _index($x): index($x); def index($x): _listed | _index($x);
def _rindex($x): rindex($x); def rindex($x): _listed | _rindex($x);
def _indices($x): indices($x); def indices($x): _listed | _indices($x);
def _match($a): match($a); def match($a): _match($a) | _deep;
def _match($a; $b): match($a; $b); def match($a; $b): _match($a; $b) | _deep;
def _capture($a): capture($a); def capture($a): _capture($a) | _o;
def _capture($a; $b): capture($a; $b); def capture($a; $b): _capture($a; $b) | _o;
def _tonumber: tonumber; def tonumber: if type == "string" and (_plain | not) then halt_error else _tonumber end;
def _fromdate: fromdateiso8601;
def fromdateiso8601: if type == "string" and (_iso | not) then halt_error else _fromdate end;
def fromdate: fromdateiso8601;
def _todate: todateiso8601;
def todateiso8601: if type == "number" and (. != floor or . < 0 or . > 1e11) then halt_error else _todate end;
def todate: todateiso8601;
`
  .replace("_plain", 'test("^-?(0|[1-9][0-9]{0,14})(\\\\.[0-9]{1,10})?\\\\z")')
  .replace("_iso", 'test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\\\\z")')
  // A definition may go on in the next line.
  .replaceAll("\n  ", " ")
  .trim()
  .split("\n")
  .map((text) => ({ text, name: [...text.matchAll(/def (\w+)/g)].at(-1)?.[1] ?? "" }));

/** The definitions that a program needs; jq compiles what it is given each time. */
export function definitionsFor(program: string): string {
  let needed = program;
  // Definitions use only those before them.
  for (const { name, text } of prelude.toReversed()) {
    if (new RegExp(`\\b${name}\\b`).test(needed)) needed = `${text} ${needed}`;
  }
  return needed;
}
