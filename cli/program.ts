/** The `octopool` command: finds what was typed in the definitions, runs it, and turns failures into exit codes. */
import { CommanderError } from "commander";
import { OctopoolError } from "../shared/errors.ts";
import { type CommandDefinition, connectionFlags } from "./command.ts";
import { rootCommand } from "./commands/root.ts";
import { reportFailure } from "./failure.ts";
import { type Io, processIo } from "./io.ts";
import { createParser } from "./parser.ts";
import { withLoginHint } from "./relay/login-hint.ts";

/**
 * Runs one command line.
 * @param argv - without the program's own name.
 * @returns the exit code; never rejects.
 */
export async function run(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const help: string[] = [];
  let exitCode = 0;
  const parser = createParser(rootCommand, {
    columns: Math.min(io.stdout.columns, 100),
    out: (text) => help.push(text),
    err: (text) => help.push(text),
    run: async (handler, input) => {
      exitCode = (await handler({ io, input, root: rootCommand }).catch((error: unknown) => hinted(error))) ?? 0;

      function hinted(error: unknown): never {
        throw error instanceof OctopoolError ? withLoginHint(error, io.env, connectionFlags(input)) : error;
      }
    },
  });
  try {
    await parser.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, io.stderr);
    // A group without one of its commands shows what it has, as gh does.
    if (error.exitCode === 0 || error.code === "commander.help") return printHelp(help.join(""), io);
    return reportFailure(asUsage(error, argv), io.stderr);
  }
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
  const [message = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  return new OctopoolError("usage", `${sentence(message)}${rest.length > 0 ? ` ${rest.join(" ")}` : ""}`, {
    hint: `See \`${pathOf(argv).join(" ")} --help\`.`,
  });
}

/** The command that was meant, as far as its words are known. */
function pathOf(argv: readonly string[]): readonly string[] {
  const path = [rootCommand.name];
  let command: CommandDefinition | undefined = rootCommand;
  for (const word of argv) {
    command = command?.subcommands?.find((child) => child.name === word);
    if (command === undefined) break;
    path.push(word);
  }
  return path;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!)]$/.test(text) ? "" : ".");
}
