/** Programs for `--jq`: what gh prints for one JSON text, and what the engine does. */
import { runJq } from "../../daemon/gh/jq/index.ts";
import { inputs } from "../../test/daemon/gh/jq/cases.ts";
import { type Oracle, startOracle } from "../goldens/oracle.ts";
import { jqGrammar } from "./jq-grammar.ts";
import type { Kind, Verdict } from "./kind.ts";
import type { Random } from "./random.ts";
import { grow, smallerTrees, type Tree, textOf } from "./tree.ts";

interface Trial {
  readonly program: Tree;
  readonly input: string;
}

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

const texts = [...Object.values(inputs), ...odd].map((input) => JSON.stringify(input));

export async function jqKind(gh: string): Promise<Kind<Trial>> {
  const oracle = await startOracle(gh);
  return {
    generate: (random: Random) => ({ program: grow(jqGrammar, "program", 4, random), input: random.pick(texts) }),
    *smaller({ program, input }) {
      for (const smaller of smallerTrees(program, ".")) yield { program: smaller, input };
      for (const simple of ["null", '""', "[]", "{}", "1"]) {
        if (simple.length < input.length) yield { program, input: simple };
      }
    },
    compare: (trial) => compare(oracle, trial),
    show: ({ program, input }) => `${textOf(program)}\n    input ${input.slice(0, 200)}`,
    caseLine: async ({ program, input }) => {
      const expression = textOf(program);
      const { stdout, exitCode } = await ask(oracle, expression, input);
      return JSON.stringify({ expression, input, stdout, exitCode });
    },
    close: async () => oracle[Symbol.asyncDispose](),
  };
}

function ask(oracle: Oracle, expression: string, input: string) {
  return oracle.run(["api", "input", "--jq", expression], { "/input": input });
}

async function compare(oracle: Oracle, { program, input }: Trial): Promise<Verdict> {
  const expression = textOf(program);
  const ours = await runJq(expression, input);
  if (ours.kind === "native") return { kind: "native" };
  const real = await ask(oracle, expression, input);
  if (real.exitCode === 0 && real.stdout === ours.output) return { kind: "same" };
  const lines = [
    `real ${real.exitCode} ${JSON.stringify(real.stdout.slice(0, 300))} ${real.stderr.slice(0, 150).trim()}`,
  ];
  return { kind: "different", lines: [...lines, `ours 0 ${JSON.stringify(ours.output.slice(0, 300))}`] };
}
