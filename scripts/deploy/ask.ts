/** Questions: from the environment where it answers them, else at the terminal; secrets without an echo. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

export interface Prompt {
  /** Environment variable that answers it. */
  readonly name: string;
  readonly text: string;
  readonly hidden?: boolean;
  /** The message for an empty answer; without it, an empty answer skips. */
  readonly required?: string | undefined;
  /**
   * From the typed text to its meaning.
   *
   * @throws Error that names the fault of the answer
   */
  readonly parse?: (answer: string) => string | Promise<string>;
}

export interface Prompter {
  /** Whether a user can answer. */
  readonly interactive: boolean;
  /** Whether the environment answers it; with `notEmpty`, with more than nothing. */
  answered(name: string, rule?: { readonly notEmpty: boolean }): boolean;
  /**
   * Empty when there is no answer.
   *
   * @throws Error when the environment's answer is wrong; {@link Stopped} on Ctrl-C or Ctrl-D
   */
  ask(question: Prompt): Promise<string>;
}

/** The user ended it at a question. */
export class Stopped extends Error {
  constructor() {
    super("stopped; nothing was changed. It is safe to run it again.");
  }
}

export function createAsker(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Prompter {
  const interactive = terminal.input.isTTY === true;
  return {
    interactive,
    answered: (name, rule) => env[name] !== undefined && !(rule?.notEmpty && env[name]?.trim() === ""),
    ask: async (question) => {
      const known = env[question.name];
      if (known !== undefined) return accepted(question, known);
      if (!interactive) return "";
      for (;;) {
        const answer = await readAnswer(terminal, question);
        try {
          return await accepted(question, answer);
        } catch (error) {
          terminal.output.write(`  ${error instanceof Error ? error.message : String(error)}\n`);
        }
      }
    },
  };
}

/**
 * Enter says yes at the terminal; an empty variable says no.
 * @throws Error when the environment's answer is neither y nor n; {@link Stopped}
 */
export async function askYesNo(asker: Prompter, { name, text }: Pick<Prompt, "name" | "text">): Promise<boolean> {
  const answer = await asker.ask({
    name,
    text,
    parse: (typed) => {
      if (!/^(?:y(?:es)?|no?)$/i.test(typed)) throw new Error(`${name} must be y or n.`);
      return typed.toLowerCase();
    },
  });
  return answer === "" ? asker.interactive && !asker.answered(name) : answer.startsWith("y");
}

async function accepted({ required, parse }: Prompt, given: string): Promise<string> {
  const answer = given.trim();
  if (answer !== "") return parse ? parse(answer) : answer;
  if (required) throw new Error(required);
  return "";
}

/** Restores the terminal however it ends. */
async function readAnswer({ input, output }: Terminal, { text, hidden = false }: Prompt): Promise<string> {
  // Readline echoes the typed text into its output: a secret's goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: hidden ? nowhere : output, terminal: true });
  // Only now: an answer typed before readline turns the terminal's echo off would be shown.
  output.write(`${text} `);
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(new Stopped());
    lines.once("SIGINT", stop).once("close", stop);
  });
  try {
    return await Promise.race([lines.question(""), stopped]);
  } catch {
    // Readline names Ctrl-C and Ctrl-D differently from one Node to the next: to us they are one.
    output.write("\n");
    throw new Stopped();
  } finally {
    lines.close();
    if (hidden) output.write("\n");
  }
}
