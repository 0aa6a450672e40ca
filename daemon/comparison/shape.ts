/**
 * The shape of a command: its words, flags and fields, without their values. Commands of one shape print in the same
 * way.
 */

import type { Invocation } from "../gh/engine.ts";
import { parseFlags } from "../gh/flags.ts";
import { commands, findCommand } from "../gh/registry.ts";
import { NativeRequired } from "../reader.ts";

/** Variables that change how everything is printed. */
const styling = ["GH_FORCE_TTY", "CLICOLOR_FORCE", "NO_COLOR", "GH_PAGER", "PAGER"] as const;

/** `issue view --json number,title --repo`; undefined for a command that the engine does not know. */
export function shapeOf({ args, env }: Pick<Invocation, "args" | "env">): string | undefined {
  const found = findCommand(commands, args);
  if (!found) return undefined;
  try {
    const { given, values } = parseFlags(found.command.flags, found.args, undefined);
    const fields = Reflect.get(values, "json");
    const flags = [...given].sort().map((name) => {
      return name === "json" && Array.isArray(fields) ? `--json ${[...new Set(fields)].sort().join(",")}` : `--${name}`;
    });
    const style = styling.filter((name) => (env[name] ?? "") !== "");
    return [...found.command.path, ...flags, ...style].join(" ");
  } catch (error) {
    if (error instanceof NativeRequired) return undefined;
    throw error;
  }
}
