/** What a command of the engine is: its name, its flags as data, and a run function. */
import type { Context } from "./context.ts";
import { type FlagTable, type FlagValues, type ParsedFlags, parseFlags } from "./flags.ts";

/** One parsed call: what the user typed, and the world to answer it from. */
export interface Call<T extends FlagTable = FlagTable> {
  /** Values by long name, defaults filled in. */
  readonly flags: FlagValues<T>;
  /** Long names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  /** Positional arguments. */
  readonly args: readonly string[];
  readonly context: Context;
}

/** What a command prints. */
export interface Result {
  readonly stdout: string | Uint8Array;
  /** gh's own words; empty when absent. */
  readonly stderr?: string;
  /** 0 when absent. */
  readonly exitCode?: number;
}

/** A command, ready to be found and run. */
export interface Command {
  /** `["pr", "view"]`. */
  readonly path: readonly string[];
  /** Other names of the last word (`ls`). */
  readonly aliases?: readonly string[];
  readonly flags: FlagTable;
  /** A cached answer is announced on a terminal's stderr: what pull requests, issues, runs and checks say ages. */
  readonly announceCache?: boolean;
  /** Parses, reads, projects, renders. Throws NativeRequired, CommandFailure or GitHubRefusal. */
  readonly run: (args: readonly string[], context: Context) => Promise<Result>;
}

interface CommandDefinition<T extends FlagTable> {
  readonly path: readonly string[];
  readonly aliases?: readonly string[];
  readonly flags: T;
  readonly announceCache?: boolean;
  /** gh's rule for the number of positional arguments; anything else is left to the real gh. */
  readonly maxArgs?: number;
  readonly minArgs?: number;
  readonly run: (call: Call<T>) => Promise<Result>;
}

/** Makes a {@link Command} whose run function sees its own flags by name and type. */
export function defineCommand<T extends FlagTable>(definition: CommandDefinition<T>): Command {
  const { run, minArgs = 0, maxArgs = 0, ...rest } = definition;
  return {
    ...rest,
    run: async (args, context) => {
      const parsed: ParsedFlags<T> = parseFlags(definition.flags, args);
      const count = parsed.positional.length;
      if (count < minArgs || count > maxArgs) context.native(`${count} arguments`);
      const values: Readonly<Record<string, unknown>> = parsed.values;
      context.useRepositoryFlag(values.repo);
      return run({ flags: parsed.values, given: parsed.given, args: parsed.positional, context });
    },
  };
}

/** `-R` as every command of a repository takes it. */
export const repositoryFlag = { repo: { type: "string", short: "R" } } as const satisfies FlagTable;

/** `--json`, `--jq` and `--template` as gh's exporter adds them. */
export const exportFlags = {
  json: { type: "strings" },
  jq: { type: "string", short: "q" },
  template: { type: "string", short: "t" },
} as const satisfies FlagTable;
