/** The binary operators of jq, as gojq binds them. */

export const assignments = ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="];

/** Binary operators, the loosest first; those of one level bind alike. */
export const levels: readonly {
  readonly operators: readonly string[];
  readonly side: "left" | "right" | "none";
}[] = [
  { operators: ["//"], side: "right" },
  { operators: assignments, side: "none" },
  { operators: ["or"], side: "left" },
  { operators: ["and"], side: "left" },
  { operators: ["==", "!=", "<", "<=", ">", ">="], side: "none" },
  { operators: ["+", "-"], side: "left" },
  { operators: ["*", "/", "%"], side: "left" },
];
