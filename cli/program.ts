/** The `octopool` command: finds the typed command in the definitions, runs it, and turns failures into exit codes. */
import { CommanderError } from "commander";
import { OctopoolError } from "../shared/errors.ts";
import { version } from "../shared/version.ts";
import { type CommandDefinition, connectionFlags } from "./command.ts";
import { rootCommand } from "./commands/root.ts";
import { reportFailure } from "./failure.ts";
import { type Io, processIo } from "./io.ts";
import { createParser } from "./parser.ts";
import { withLoginHint } from "./relay/login-hint.ts";
import { startNotice } from "./update/notice.ts";
import { ghCommands } from "./words/gh.ts";
import { nearest } from "./words/nearest.ts";

/**
 * Runs one command line.
 * @param argv - without the program's own name.
 * @returns the exit code; never rejects.
 */
export async function run(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const executable = process.argv[1] ?? process.execPath;
  const notice = startNotice(io, argv, { version, executable, single: executable === process.execPath });
  const code = await runCommand(argv, io);
  await notice();
  return code;
}

async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  const help: string[] = [];
  let exitCode = 0;
  const parser = createParser(rootCommand, {
    columns: Math.min(io.stdout.columns, 100),
    style: io.stdout.style,
    out: (text) => help.push(text),
    err: (text) => help.push(text),
    run: async (handler, input) => {
      const jq = input.text("jq");
      const context = { io: jq === undefined ? io : { ...io, stdout: { ...io.stdout, jq } }, input, root: rootCommand };
      exitCode = (await handler(context).catch((error: unknown) => hinted(error))) ?? 0;

      function hinted(error: unknown): never {
        if (!(error instanceof OctopoolError)) throw error;
        throw withHelpHint(withLoginHint(error, io.env, connectionFlags(input)), argv);
      }
    },
  });
  try {
    await parser.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, io.stderr);
    // A group without one of its commands shows its commands, as gh does.
    if (error.exitCode === 0 || error.code === "commander.help") return printHelp(help.join(""), io);
    return reportFailure(asUsage(error, argv), io.stderr);
  }
}

/** An error in a command's words without better advice names the help of that command. */
function withHelpHint(error: OctopoolError, argv: readonly string[]): OctopoolError {
  if (error.code !== "usage" || error.hint !== undefined) return error;
  const { message, details, cause } = error;
  return new OctopoolError("usage", message, { hint: helpHint(argv), ...(details && { details }), cause });
}

function helpHint(argv: readonly string[]): string {
  return `See \`${find(argv).path.join(" ")} --help\`.`;
}

async function printHelp(text: string, io: Io): Promise<number> {
  try {
    await io.stdout.write(text);
    return 0;
  } catch (error) {
    return reportFailure(error, io.stderr);
  }
}

function asUsage(error: CommanderError, argv: readonly string[]): OctopoolError {
  const meant = error.code === "commander.unknownCommand" ? meantBy(argv) : undefined;
  if (meant !== undefined)
    return new OctopoolError("usage", `octopool has no command ${argv[0]}.`, { hint: `Did you mean \`${meant}\`?` });
  const mayBeUnknown = ["commander.excessArguments", "commander.unknownCommand"].includes(error.code);
  const unknown = mayBeUnknown ? unknownSubcommand(argv) : undefined;
  if (unknown !== undefined) return unknown;
  const [message = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  return new OctopoolError("usage", `${sentence(message)}${rest.length > 0 ? ` ${rest.join(" ")}` : ""}`, {
    hint: helpHint(argv),
  });
}

/** A group takes no arguments of its own: an argument is a command that the group does not have. */
function unknownSubcommand(argv: readonly string[]): OctopoolError | undefined {
  const { path, command } = find(argv);
  const names = command.subcommands?.filter(({ hidden }) => hidden !== true).map(({ name }) => name) ?? [];
  const word = argv[path.length - 1];
  if (path.length === 1 || names.length === 0 || word === undefined || word.startsWith("-")) return undefined;
  const group = path.join(" ");
  const [close] = nearest(word, names);
  return new OctopoolError("usage", `\`${group}\` has no command ${word}.`, {
    hint: close === undefined ? `It has ${names.join(", ")}.` : `Did you mean \`${group} ${close}\`?`,
  });
}

/** Other tools' names for Octopool's commands. */
const otherNames: Readonly<Record<string, string>> = {
  auth: "octopool login",
  signin: "octopool login",
  signout: "octopool logout",
  start: "octopool daemon start",
  stop: "octopool daemon stop",
  restart: "octopool daemon restart",
  logs: "octopool daemon logs",
  install: "octopool install-shim",
  uninstall: "octopool uninstall-shim",
  setup: "octopool install-shim",
  info: "octopool status",
  usage: "octopool stats",
  settings: "octopool config list",
};

/** Suggests a command for an unknown word: gh's command first, then another tool's name. */
function meantBy([word = "", next = "", ...rest]: readonly string[]): string | undefined {
  // This machine's answers live in the daemon, and go with it; the relay's are an operator's to purge.
  if (word === "cache" && ["clear", "clean", "flush", "purge"].includes(next)) return "octopool daemon restart";
  const close = rootCommand.subcommands?.some(({ name }) => nearest(word, [name]).length > 0) === true;
  if (Object.hasOwn(ghCommands, word) && !close)
    return ["octopool", "gh", word, next, ...rest].filter(Boolean).join(" ");
  if (Object.hasOwn(otherNames, word)) return otherNames[word];
  const [ghWord] = close ? [] : nearest(word, Object.keys(ghCommands));
  return ghWord === undefined ? undefined : ["octopool", "gh", ghWord, next, ...rest].filter(Boolean).join(" ");
}

/** The intended command, as far as its words are known. */
function find(argv: readonly string[]): { readonly path: readonly string[]; readonly command: CommandDefinition } {
  const path = [rootCommand.name];
  let command: CommandDefinition = rootCommand;
  for (const word of argv) {
    const child = command.subcommands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (child === undefined) break;
    path.push(child.name);
    command = child;
  }
  return { path, command };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!)]$/.test(text) ? "" : ".");
}
