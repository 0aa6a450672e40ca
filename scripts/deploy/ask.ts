/** Questions: from the environment where it answers them, else at the terminal; secrets without an echo. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

export interface Question {
  /** Environment variable that answers it. */
  readonly name: string;
  readonly text: string;
  readonly hidden?: boolean;
}

export interface Asker {
  /** Empty when there is no answer. */
  ask(question: Question): Promise<string>;
}

export function createAsker({ input, output }: Terminal, env: Readonly<Record<string, string | undefined>>): Asker {
  return {
    ask: async ({ name, text, hidden = false }) => {
      const known = env[name];
      if (known !== undefined) return known.trim();
      if (input.isTTY !== true) return "";
      output.write(`${text} `);
      // Readline echoes what is typed into its output: a secret's goes nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input, output: hidden ? nowhere : output, terminal: true });
      try {
        return (await lines.question("")).trim();
      } finally {
        lines.close();
        if (hidden) output.write("\n");
      }
    },
  };
}
