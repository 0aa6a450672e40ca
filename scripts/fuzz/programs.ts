/** Programs for `--jq` or `--template`: gh's output for one JSON text, and the engine's. */
import { type Oracle, startOracle } from "../goldens/oracle.ts";
import type { FuzzVerdict, Kind } from "./kind.ts";
import { type Grammar, grow, smallerTrees, type TextTree, textOf } from "./tree.ts";

/** The engine's result of a program: its output, or that gh must answer. */
type Engine = (program: string, input: string) => Promise<{ kind: string; output?: string }>;

export interface Language {
  /** The flag of `gh api`. */
  readonly flag: string;
  readonly grammar: Grammar;
  readonly start: string;
  /** The simplest program. */
  readonly simplest: string;
  readonly inputs: readonly string[];
  readonly engine: Engine;
}

interface Trial {
  readonly program: TextTree;
  readonly input: string;
}

const depth = 4;

export async function programs(gh: string, language: Language): Promise<Kind<Trial>> {
  const oracle = await startOracle(gh);
  return {
    generate: (random) => ({
      program: grow(language.grammar, language.start, depth, random),
      input: random.pick(language.inputs),
    }),
    *smaller({ program, input }) {
      for (const smaller of smallerTrees(program, language.simplest)) yield { program: smaller, input };
      for (const simple of ["null", '""', "[]", "{}", "1"]) {
        if (simple.length < input.length) yield { program, input: simple };
      }
    },
    compare: (trial) => compare(oracle, language, trial),
    show: ({ program, input }) => `${textOf(program)}\n    input ${input.slice(0, 200)}`,
    caseLine: async ({ program, input }) => {
      const text = textOf(program);
      const { stdout, exitCode } = await ask(oracle, language, text, input);
      return JSON.stringify({ program: text, input, stdout, exitCode });
    },
    close: async () => oracle[Symbol.asyncDispose](),
  };
}

function ask(oracle: Oracle, { flag }: Language, program: string, input: string) {
  return oracle.run(["api", "input", flag, program], { "/input": input });
}

async function compare(oracle: Oracle, language: Language, { program, input }: Trial): Promise<FuzzVerdict> {
  const text = textOf(program);
  const ours = await language.engine(text, input);
  if (ours.kind !== "ok") return { kind: "native" };
  const output = ours.output ?? "";
  const real = await ask(oracle, language, text, input);
  if (real.exitCode === 0 && real.stdout === output) return { kind: "same" };
  const said = real.stderr.slice(0, 150).trim();
  const lines = [`real ${real.exitCode} ${JSON.stringify(real.stdout.slice(0, 300))} ${said}`];
  return { kind: "different", lines: [...lines, `ours 0 ${JSON.stringify(output.slice(0, 300))}`] };
}
