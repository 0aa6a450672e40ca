/** JSON texts with rare contents: nothing, empty texts, characters beyond the first plane, times that are not set. */
const odd: readonly unknown[] = [
  null,
  "",
  "a👍é,b",
  0,
  2.5,
  [],
  {},
  { a: { b: 1, c: [1, null, "x"] }, s: "éx", name: "", labels: [{ name: "bug" }, { name: "ünï" }], body: null },
  [1, 2.5, "a", null, true, [1, [2]], { a: 1, b: null }],
  ["2024-01-31T10:00:00Z", "0001-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "x"],
  [
    { title: "Fix", number: 3, labels: [] },
    { title: null, number: 1, labels: [{ name: "b" }] },
  ],
  { title: "a\tb\r\nc", number: 1700000000, user: { login: "o'x" }, state: "OPEN" },
  ["b", "a", "B", "é", "ab", ""],
  [[1, 2], [3], []],
];

export const oddInputs: readonly string[] = odd.map((input) => JSON.stringify(input));
