/** The `octopool` command: finds what was typed in the definitions, runs it, and turns failures into exit codes. */
import { CommanderError } from "commander";
import { OctopoolError } from "../shared/errors.ts";
import { rootCommand } from "./commands/root.ts";
import { reportFailure } from "./failure.ts";
import { type Io, processIo } from "./io.ts";
import { createParser } from "./parser.ts";

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
      exitCode = (await handler({ io, input })) ?? 0;
    },
  });
  try {
    await parser.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, io.stderr);
    if (error.exitCode === 0 || argv.length === 0) return printHelp(help.join(""), io);
    return reportFailure(asUsage(error, argv, help.join("")), io.stderr);
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

function asUsage(error: CommanderError, argv: readonly string[], help: string): OctopoolError {
  const words = argv.filter((word) => !word.startsWith("-"));
  // A group named without a subcommand shows its help; that is the message.
  if (error.code === "commander.help") return new OctopoolError("usage", `Which command?\n\n${help}`);
  const [message = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const name = rootCommand.subcommands?.find((command) => command.name === words[0])?.name;
  return new OctopoolError("usage", `${sentence(message)}${rest.length > 0 ? ` ${rest.join(" ")}` : ""}`, {
    hint: `See \`octopool ${name === undefined ? "" : `${name} `}--help\`.`,
  });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!)]$/.test(text) ? "" : ".");
}
