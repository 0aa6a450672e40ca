/** The words that may follow, taken from the command definitions: the one source of all three completions. */
import type { CommandDefinition, OptionDefinition } from "../command.ts";

interface Word {
  readonly word: string;
  readonly description: string;
}

export interface Place {
  /** The command's words, `octopool` included. */
  readonly path: readonly string[];
  readonly subcommands: readonly Word[];
  readonly options: readonly (Word & { readonly takesValue: boolean; readonly choices: readonly string[] })[];
  /** The choices or suggestions for its first positional argument. */
  readonly choices: readonly string[];
  readonly passThrough: boolean;
}

/** Every place in the tree, the root first. Hidden commands and options are not offered. */
export function placesOf(command: CommandDefinition, above: readonly string[] = []): readonly Place[] {
  const path = [...above, command.name];
  const children = (command.subcommands ?? []).filter((child) => child.hidden !== true);
  const root = above.length === 0;
  const here: Place = {
    path,
    subcommands: [
      ...children.map(({ name, summary }) => ({ word: name, description: summary })),
      ...(root ? [{ word: "help", description: "Show the help of a command" }] : []),
    ],
    options: [
      ...(command.options ?? []).filter((option) => option.hidden !== true).flatMap(wordsOf),
      ...(command.passThrough === true ? [] : [plain("--help", "Show this help")]),
      ...(root ? [plain("--version", "Show the version")] : []),
    ],
    choices: command.arguments?.[0]?.choices ?? command.arguments?.[0]?.suggestions ?? [],
    passThrough: command.passThrough === true,
  };
  return [here, ...children.flatMap((child) => placesOf(child, path))];
}

function wordsOf(option: OptionDefinition) {
  const takesValue = option.flags.includes("<");
  const description = option.description.replace(/\.$/, "");
  return option.flags
    .split(/[ ,]+/)
    .filter((part) => part.startsWith("-"))
    .map((word) => ({ word, description, takesValue, choices: option.choices ?? [] }));
}

function plain(word: string, description: string) {
  return { word, description, takesValue: false, choices: [] };
}
