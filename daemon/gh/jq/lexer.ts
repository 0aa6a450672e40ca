/** jq's lexer. The parts, put together again, are the source. */

/** `chunk` is text inside a string, `open` and `close` delimit an interpolation in it. */
type TokenKind =
  | "space"
  | "name"
  | "keyword"
  | "field"
  | "variable"
  | "format"
  | "number"
  | "quote"
  | "chunk"
  | "open"
  | "close"
  | "operator";

export interface JqToken {
  readonly kind: TokenKind;
  readonly text: string;
}

const keywords = new Set(
  "def if then elif else end as reduce foreach try catch label import include and or __loc__".split(" "),
);

const rules: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /(?:[ \t\n\r]|#[^\n\\\r]*(?=\n|$))+/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["operator", /\.\.|\?\/\/=?|\/\/=|[=!<>+\-*/%]=|\|=|\/\//y],
  ["field", /\.[A-Za-z_][A-Za-z0-9_]*/y],
  ["variable", /\$(?:[A-Za-z_][A-Za-z0-9_]*::)*[A-Za-z_][A-Za-z0-9_]*/y],
  ["format", /@[A-Za-z0-9]+/y],
  ["name", /(?:[A-Za-z_][A-Za-z0-9_]*::)*[A-Za-z_][A-Za-z0-9_]*/y],
  ["operator", /[.[\]{}()|,:;=<>+\-*/%?$]/y],
];

/** Text of a string up to its end or its next interpolation; raw control characters are left to gh. */
const chunkRule = /(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})+/y;

/** The tokens of an expression; undefined where it is not understood (a strange character, an open string). */
export function tokenize(source: string): readonly JqToken[] | undefined {
  const tokens: JqToken[] = [];
  // The contexts around the position: a string, an interpolation in one, or a plain parenthesis.
  const stack: ("string" | "interpolation" | "parenthesis")[] = [];
  for (let at = 0; at < source.length; ) {
    const token = stack.at(-1) === "string" ? stringPart(source, at) : codePart(source, at);
    if (!token) return undefined;
    const text = token.text;
    at += text.length;
    let kind = token.kind;
    if (kind === "quote") {
      if (stack.at(-1) === "string") stack.pop();
      else stack.push("string");
    } else if (kind === "open") {
      stack.push("interpolation");
    } else if (text === "(" && kind === "operator") {
      stack.push("parenthesis");
    } else if (text === ")" && kind === "operator") {
      const opened = stack.pop();
      if (opened === undefined) return undefined;
      if (opened === "interpolation") kind = "close";
    }
    tokens.push({ kind, text });
  }
  return stack.length === 0 ? tokens : undefined;
}

function stringPart(source: string, at: number): JqToken | undefined {
  if (source[at] === '"') return { kind: "quote", text: '"' };
  if (source.startsWith("\\(", at)) return { kind: "open", text: "\\(" };
  const text = matchAt(chunkRule, source, at);
  return text === undefined ? undefined : { kind: "chunk", text };
}

function codePart(source: string, at: number): JqToken | undefined {
  if (source[at] === '"') return { kind: "quote", text: '"' };
  for (const [kind, rule] of rules) {
    const text = matchAt(rule, source, at);
    if (text !== undefined) return { kind: kind === "name" && keywords.has(text) ? "keyword" : kind, text };
  }
  return undefined;
}

function matchAt(rule: RegExp, source: string, at: number): string | undefined {
  rule.lastIndex = at;
  return rule.exec(source)?.[0];
}
