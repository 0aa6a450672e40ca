/**
 * Writes docs/cli.md from the command definitions and the tables of variables and errors.
 * `--check` writes nothing and fails when the file differs from the text that it would write.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandDefinition, commandGroups, type OptionDefinition } from "../cli/command.ts";
import { rootCommand } from "../cli/commands/root.ts";
import { errorTable } from "../shared/errors.ts";
import { sentPresence } from "../shared/protocol.ts";
import { type Variable, variables } from "../shared/settings/environment-table.ts";

const target = join(import.meta.dirname, "../docs/cli.md");

export function renderCliDocs(): string {
  return `${[
    "# Commands",
    "",
    "<!-- Written by `npm run docs:cli` from the command definitions; change those. -->",
    "",
    rootCommand.description ?? "",
    "",
    ...overview(),
    ...(rootCommand.subcommands ?? []).flatMap((command) => section(command, [rootCommand.name])),
    ...variablesSection(),
    ...exitCodesSection(),
  ].join("\n")}\n`;
}

function overview(): readonly string[] {
  return commandGroups.flatMap((group) => {
    const commands = (rootCommand.subcommands ?? []).filter((command) => command.group === group && !command.hidden);
    const rows = commands.map(({ name, summary }) => `| [\`octopool ${name}\`](#octopool-${name}) | ${summary} |`);
    return [`**${group}**`, "", "| command | does |", "|---|---|", ...rows, ""];
  });
}

function section(command: CommandDefinition, above: readonly string[]): readonly string[] {
  if (command.hidden === true) return [];
  const path = [...above, command.name];
  const level = "#".repeat(path.length);
  const children = command.subcommands ?? [];
  return [
    `${level} ${path.join(" ")}`,
    "",
    `${command.summary}.${command.description === undefined ? "" : ` ${command.description}`}`,
    "",
    ...(children.length > 0 ? [] : usage(command, path)),
    ...options(command),
    ...examples(command),
    ...children.flatMap((child) => section(child, path)),
  ];
}

function usage(command: CommandDefinition, path: readonly string[]): readonly string[] {
  const words = (command.arguments ?? []).map(({ name, required, variadic }) => {
    const word = variadic === true ? `${name}...` : name;
    return required === true ? `<${word}>` : `[${word}]`;
  });
  const rest = command.passThrough === true ? ["[arguments...]"] : words;
  const shown = visible(command);
  const line = [...path, ...rest, ...(shown.length > 0 ? ["[options]"] : [])].join(" ");
  const described = (command.arguments ?? []).map(({ name, description }) => `- \`${name}\`: ${description}`);
  return ["```text", line, "```", "", ...described, ...(described.length > 0 ? [""] : [])];
}

function visible(command: CommandDefinition): readonly OptionDefinition[] {
  // A group's own options serve its older form only.
  if (command.subcommands !== undefined) return [];
  return (command.options ?? []).filter((option) => option.hidden !== true);
}

function options(command: CommandDefinition): readonly string[] {
  const rows = visible(command).map((option) => {
    const notes = [
      option.description,
      option.choices === undefined ? "" : `One of ${option.choices.map((choice) => `\`${choice}\``).join(", ")}.`,
      option.repeatable === true ? "May be repeated." : "",
      option.required === true ? "Required." : "",
      option.default === undefined ? "" : `Default: ${option.default}.`,
    ];
    return `| \`${option.flags.replaceAll("|", "\\|")}\` | ${cell(notes.filter(Boolean).join(" "))} |`;
  });
  return rows.length === 0 ? [] : ["| option | meaning |", "|---|---|", ...rows, ""];
}

function examples({ examples: list = [] }: CommandDefinition): readonly string[] {
  if (list.length === 0) return [];
  return ["```sh", ...list.flatMap(({ command, does }) => [`# ${does}`, command]), "```", ""];
}

function variablesSection(): readonly string[] {
  const rows = variables.map(
    (variable) =>
      `| \`${variable.name}\` | ${cell(variable.purpose)} | ${cell(variable.unset || "–")} | ${passedOn(variable)} |`,
  );
  return [
    "## Environment variables",
    "",
    "A flag goes before a variable, a variable before the value that `octopool login` saved, and that before the default. Switches take `1` and `0`; an empty variable counts as unset. The last column names the variables that a `gh` passes on to the daemon with each call.",
    "",
    "| variable | does | when unset | passed on |",
    "|---|---|---|---|",
    ...rows,
    "",
  ];
}

function passedOn({ name, sent }: Variable): string {
  if (name === "OCTOPOOL_TOKEN") return "as an `Authorization` header of the private socket";
  if (sentPresence.some((secret) => secret === name)) return "only that it is set";
  return sent ? "yes" : "no";
}

function exitCodesSection(): readonly string[] {
  const meanings: Readonly<Record<number, string>> = {
    1: "failure",
    2: "cancelled, or a command line that cannot be understood",
    4: "authentication: not logged in, or not allowed",
    127: "no real gh to run",
  };
  const codes = Object.groupBy(Object.entries(errorTable), ([, row]) => String(row.exit));
  const rows = Object.entries(codes).map(
    ([exit, entries = []]) =>
      `| ${exit} | ${meanings[Number(exit)] ?? ""} | ${entries.map(([code]) => `\`${code}\``).join(" ")} |`,
  );
  return [
    "## Exit codes",
    "",
    "`gh …` ends with the real gh's codes: 0 ok, 1 failure, 2 cancelled, 4 authentication, 8 pending checks; a signal n becomes 128+n. The other commands:",
    "",
    "| code | meaning | errors |",
    "|---|---|---|",
    "| 0 | all went well | |",
    ...rows,
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function main(args: readonly string[]): number {
  const wanted = renderCliDocs();
  if (!args.includes("--check")) {
    writeFileSync(target, wanted);
    return 0;
  }
  if (readFileSync(target, "utf8") === wanted) return 0;
  process.stderr.write("docs/cli.md differs from the command definitions. Run `npm run docs:cli` and commit it.\n");
  return 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
