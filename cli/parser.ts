/** Turns command definitions into a commander program. */
import { Argument, Command, Option } from "commander";
import { version } from "../shared/version.ts";
import type { ArgumentDefinition, CommandDefinition, CommandInput, Handler, OptionDefinition } from "./command.ts";
import type { Style } from "./style.ts";

interface ParserSink {
  readonly columns: number;
  readonly style: Style;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly run: (handler: Handler, input: CommandInput) => Promise<void>;
}

/** A program that calls `sink.run` for the typed command, and throws CommanderError for help and for mistakes. */
export function createParser(root: CommandDefinition, sink: ParserSink): Command {
  const program = build(root, sink);
  program
    .helpCommand("help [command]", "Show the help of a command")
    .version(`octopool ${version}`, "-v, --version", "Show the version");
  return program;
}

function build(definition: CommandDefinition, sink: ParserSink): Command {
  const command = new Command(definition.name)
    .description([definition.summary, definition.description].filter(Boolean).join(".\n\n"))
    .summary(definition.summary)
    .exitOverride()
    .enablePositionalOptions()
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: sink.out,
      writeErr: sink.err,
      outputError: () => {},
      getOutHelpWidth: () => sink.columns,
      getErrHelpWidth: () => sink.columns,
      getOutHasColors: () => sink.style.enabled,
      getErrHasColors: () => sink.style.enabled,
    })
    .configureHelp({ styleTitle: sink.style.bold })
    .helpOption("-h, --help", "Show this help");
  if (definition.aliases !== undefined) command.aliases(definition.aliases);
  for (const argument of definition.arguments ?? []) command.addArgument(toArgument(argument));
  for (const option of definition.options ?? []) command.addOption(toOption(option));
  if (definition.group !== undefined) command.helpGroup(`${definition.group}:`);
  if (definition.passThrough === true) passThrough(command);
  addFooter(command, definition, sink.style);
  for (const child of definition.subcommands ?? [])
    command.addCommand(build(child, sink), { hidden: child.hidden === true });
  const { run } = definition;
  if (run !== undefined) command.action(() => sink.run(run, inputOf(command)));
  return command;
}

/** Every word behind the first that is no option of ours is the other program's, `--help` included. */
function passThrough(command: Command): void {
  command.argument("[arguments...]").passThroughOptions();
}

function toArgument(definition: ArgumentDefinition): Argument {
  const name = definition.variadic === true ? `${definition.name}...` : definition.name;
  const argument = new Argument(
    definition.required === true ? `<${name}>` : `[${name}]`,
    definition.description.replace(/\.$/, ""),
  );
  return definition.choices === undefined ? argument : argument.choices([...definition.choices]);
}

function toOption(definition: OptionDefinition): Option {
  const rest = definition.required === true ? " (required)" : defaultText(definition);
  const option = new Option(definition.flags, definition.description.replace(/\.$/, "") + rest);
  if (definition.choices !== undefined && definition.repeatable !== true) option.choices([...definition.choices]);
  if (definition.repeatable === true)
    option.argParser((value: string, earlier: unknown) => [...(Array.isArray(earlier) ? earlier : []), value]);
  if (definition.required === true) option.makeOptionMandatory();
  if (definition.hidden === true) option.hideHelp();
  return option;
}

function defaultText({ default: otherwise }: OptionDefinition): string {
  return otherwise === undefined ? "" : ` (default: ${otherwise})`;
}

/** Wider ones get their explanation on a line of its own. */
const widestExample = 60;

/** Where the pages are that every release brings: beside the package, and in its repository. */
const documentation = "docs/cli.md";

function addFooter(command: Command, definition: CommandDefinition, style: Style): void {
  const examples = examplesText(definition, style);
  const learn = `${style.bold("Learn more:")}\n  octopool man | man -l -    ${documentation} of the repository has every command`;
  command.addHelpText("after", `${examples}\n${learn}`);
}

function examplesText({ examples = [] }: CommandDefinition, style: Style): string {
  if (examples.length === 0) return "";
  const width = Math.max(...examples.map((example) => example.command.length));
  const lines = examples.map(({ command: line, does }) =>
    width > widestExample ? `  # ${does}\n  $ ${line}` : `  $ ${line.padEnd(width)}  # ${does}`,
  );
  return `\n${style.bold("Examples:")}\n${lines.join("\n")}\n`;
}

function inputOf(command: Command): CommandInput {
  const values: Readonly<Record<string, unknown>> = command.optsWithGlobals();
  const rest = command.args;
  return {
    rest,
    argument: (position) => rest[position],
    flag: (name) => values[camelCase(name)] === true || (name === "json" && typeof values.jq === "string"),
    text: (name) => {
      const value = values[camelCase(name)];
      return typeof value === "string" ? value : undefined;
    },
    list: (name) => {
      const value = values[camelCase(name)];
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
