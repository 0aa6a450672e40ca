/** A command as data: parsing, help, completion and docs/cli.md all come from the same definition. */
import type { ConnectionFlags } from "../shared/settings/connection.ts";
import type { Io } from "./io.ts";

export interface ArgumentDefinition {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  readonly choices?: readonly string[];
  /** The words that completion offers where the command itself checks the others. */
  readonly suggestions?: readonly string[];
}

export interface OptionDefinition {
  /** As commander writes them: `-f, --follow`, `--pool <name>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given several times; {@link CommandInput.list} has them all. */
  readonly repeatable?: boolean;
  /** The default, in words. */
  readonly default?: string;
  readonly required?: boolean;
  /** Part of an older form that still works; left out of help. */
  readonly hidden?: boolean;
}

interface Example {
  readonly command: string;
  readonly does: string;
}

/** The typed values, by the names of the definition. */
export interface CommandInput {
  text(option: string): string | undefined;
  flag(option: string): boolean;
  list(option: string): readonly string[];
  argument(position: number): string | undefined;
  /** All positional arguments, in order. */
  readonly rest: readonly string[];
}

export interface CommandContext {
  readonly io: Io;
  readonly input: CommandInput;
  /** The whole command line's definition, for commands about commands. */
  readonly root: CommandDefinition;
}

/** @returns the exit code; nothing means 0. Failures are thrown as OctopoolError. */
export type Handler = (context: CommandContext) => Promise<number | undefined>;

export const commandGroups = ["Everyday commands", "This machine", "For operators"] as const;

export interface CommandDefinition {
  readonly name: string;
  /** Other names that do the same; left out of help. */
  readonly aliases?: readonly string[];
  /** One line, an imperative, no full stop. */
  readonly summary: string;
  /** Further paragraphs. */
  readonly description?: string;
  readonly group?: (typeof commandGroups)[number];
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  readonly examples?: readonly Example[];
  readonly subcommands?: readonly CommandDefinition[];
  /** An older name that still works; left out of help. */
  readonly hidden?: boolean;
  /** Everything after the name belongs to another program and is not parsed. */
  readonly passThrough?: boolean;
  readonly run?: Handler;
}

export const jsonOption: OptionDefinition = { flags: "--json", description: "Print JSON for programs." };
export const jqOption: OptionDefinition = {
  flags: "-q, --jq <expression>",
  description: "Print the results of a jq expression over the JSON.",
};
export const poolOption: OptionDefinition = {
  flags: "--pool <name>",
  description: "The pool to use.",
  default: "OCTOPOOL_POOL, else the one saved for that relay, else maintainers",
};
export const serverOption: OptionDefinition = {
  flags: "--server <url>",
  description: "The relay to talk to; a saved token is only sent to the relay it came from.",
  default: "OCTOPOOL_URL, else the saved one",
};

/** Every command that prints JSON takes a jq expression, and every `list` is `ls` too. */
export function complete(command: CommandDefinition): CommandDefinition {
  const options = command.options ?? [];
  const json = options.findIndex((option) => option.flags === jsonOption.flags);
  return {
    ...command,
    ...(command.name === "list" && { aliases: ["ls"] }),
    ...(json >= 0 && { options: options.toSpliced(json + 1, 0, jqOption) }),
    ...(command.subcommands && { subcommands: command.subcommands.map(complete) }),
  };
}

/** The flags that choose a relay, as {@link ConnectionFlags}. */
export function connectionFlags(input: CommandInput): ConnectionFlags {
  return { server: input.text("server"), pool: input.text("pool") };
}
