/** The manual page, in the macros of man(7), from the same definitions as --help. */
import { variables } from "../../shared/settings/environment-table.ts";
import { version } from "../../shared/version.ts";
import type { CommandDefinition, OptionDefinition } from "../command.ts";

export function manPage(root: CommandDefinition): string {
  const lines = [
    `.TH OCTOPOOL 1 "" "octopool ${version}" "User Commands"`,
    ".SH NAME",
    `octopool \\- ${text(root.summary)}`,
    ".SH SYNOPSIS",
    ".B octopool",
    "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]",
    ".SH DESCRIPTION",
    text(root.description ?? ""),
    ".SH COMMANDS",
    ...(root.subcommands ?? []).flatMap((command) => commandLines(command, [root.name])),
    ".SH ENVIRONMENT",
    "A flag goes before a variable, a variable before a setting of \\fBoctopool config\\fR.",
    ...variables.flatMap(({ name, purpose, unset }) => [
      ".TP",
      `.B ${name}`,
      text(unset === "" ? purpose : `${purpose} When unset: ${unset}.`),
    ]),
    ".SH EXIT STATUS",
    "0 all went well; 1 failure; 2 cancelled, or a command line that cannot be understood; 4 authentication; 127 no real gh to run. A gh command ends as the real gh does.",
    ".SH SEE ALSO",
    ".BR gh (1)",
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines(command: CommandDefinition, above: readonly string[]): readonly string[] {
  if (command.hidden === true) return [];
  const path = [...above, command.name];
  const children = command.subcommands ?? [];
  if (children.length > 0) return children.flatMap((child) => commandLines(child, path));
  const words = (command.arguments ?? []).map(({ name, required }) => (required === true ? `<${name}>` : `[${name}]`));
  return [
    `.SS ${text([...path, ...words].join(" "))}`,
    text(`${command.summary}.${command.description === undefined ? "" : ` ${command.description}`}`),
    ...(command.options ?? []).filter((option) => option.hidden !== true).flatMap(optionLines),
  ];
}

function optionLines({ flags, description, default: otherwise }: OptionDefinition): readonly string[] {
  return [
    ".TP",
    `.B ${text(flags)}`,
    text(otherwise === undefined ? description : `${description} Default: ${otherwise}.`),
  ];
}

/** roff reads backslashes, hyphens, and lines that begin with a dot or a quote. */
function text(words: string): string {
  return words
    .replaceAll("\\", "\\\\")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1");
}
