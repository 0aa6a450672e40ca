/** The table of commands, and how a command line finds its row. */
import { apiCommands } from "./api/index.ts";
import type { Command } from "./command.ts";
import { issueCommands } from "./issue/index.ts";
import { labelCommands } from "./label/index.ts";
import { prCommands } from "./pr/index.ts";
import { releaseCommands } from "./release/index.ts";
import { repoCommands } from "./repo/index.ts";
import { runCommands } from "./run/index.ts";
import { searchCommands } from "./search/index.ts";
import { workflowCommands } from "./workflow/index.ts";

/** Every command the engine may answer; the real gh runs all others. */
export const commands: readonly Command[] = [
  ...apiCommands,
  ...prCommands,
  ...issueCommands,
  ...runCommands,
  ...workflowCommands,
  ...releaseCommands,
  ...repoCommands,
  ...labelCommands,
  ...searchCommands,
];

/** A command with its arguments. */
interface FoundCommand {
  readonly command: Command;
  readonly args: readonly string[];
}

/** Finds the command of `args`; undefined where the engine has none. */
export function findCommand(table: readonly Command[], args: readonly string[]): FoundCommand | undefined {
  const [group, ...rest] = args;
  if (group === undefined || group.startsWith("-")) return undefined;
  const single = table.find((command) => command.path.length === 1 && command.path[0] === group);
  if (single) return { command: single, args: rest };
  const { before, word, after } = splitGroup(rest);
  const found = table.find(
    ({ path, aliases }) => path[0] === group && word !== undefined && (path[1] === word || aliases?.includes(word)),
  );
  return found && { command: found, args: [...before, ...after] };
}

/** cobra lets a group's own flag, of which there is only `-R`, stand before the subcommand: `gh pr -R o/r list`. */
function splitGroup(args: readonly string[]) {
  let index = 0;
  for (; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "-R" || arg === "--repo") index++;
    else if (!/^(-R.|--repo=)/.test(arg)) break;
  }
  return { before: args.slice(0, index), word: args[index], after: args.slice(index + 1) };
}
