/** Why the real gh runs a command without asking the daemon, in words. */
import { ghCommands, isGhCommand } from "./gh.ts";
import { nearest } from "./nearest.ts";

/**
 * @param args - those after `gh`
 * @param write - it may change something on GitHub
 */
export function whyNotAsked(args: readonly string[], write: boolean): string {
  if (!isGhCommand(args)) return unknownCommand(args);
  return write ? "it may change something on GitHub" : "only gh has this command";
}

/** An alias, an extension, or a typing mistake: gh finds out which. */
function unknownCommand([group = "", subcommand = ""]: readonly string[]): string {
  const subcommands = Object.hasOwn(ghCommands, group) ? ghCommands[group] : undefined;
  const [close] =
    subcommands === undefined ? nearest(group, Object.keys(ghCommands)) : nearest(subcommand, subcommands);
  const meant =
    close === undefined ? "" : `; did you mean \`gh ${subcommands === undefined ? close : `${group} ${close}`}\`?`;
  return `Octopool does not know this command: an alias, an extension, or a typing mistake${meant}`;
}
