/** A command of the engine: its name, its flags as data, and a run function. */
import { CommandFailure } from "./command-failure.ts";
import type { Context } from "./context.ts";
import { type FlagRules, type FlagTable, type FlagValues, type ParsedFlags, parseFlags } from "./flags.ts";
import { goQuote } from "./go/quote.ts";
import { orNoRepository } from "./no-repository.ts";
import { type FieldTable, missingFields } from "./usage/fields.ts";
import { type GhUsage, usageOf } from "./usage/usage.ts";
import type { GhRelease } from "./versions.ts";

/** One parsed call: the user's command line, and the context to answer it from. */
export interface Call<T extends FlagTable = FlagTable> {
  /** Values by long name, defaults filled in. */
  readonly flags: FlagValues<T>;
  /** Long names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  /** Positional arguments. */
  readonly args: readonly string[];
  readonly context: Context;
  /** Refuses the command line as gh does: its message, then the usage. Native where this gh's usage is not known. */
  readonly refuse: (words: string) => never;
}

/** The output of a command. */
export interface Result {
  readonly stdout: string | Uint8Array;
  /** gh's own message; empty when absent. */
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
  /** A cached answer is reported on a terminal's stderr: pull requests, issues, runs and checks change. */
  readonly announceCache?: boolean;
  /** gh asks a GitHub Enterprise Server of any version for it as the engine does, by REST. */
  readonly onServers?: boolean;
  /** Parses, reads, projects, renders. Throws NativeRequired, CommandFailure or GitHubRefusal. */
  readonly run: (args: readonly string[], context: Context) => Promise<Result>;
}

interface CommandDefinition<T extends FlagTable> {
  readonly path: readonly string[];
  readonly aliases?: readonly string[];
  readonly flags: T;
  readonly announceCache?: boolean;
  readonly onServers?: boolean;
  /** The fields of `--json`, to list where none is named. */
  readonly json?: FieldTable;
  /** Whether gh asks GraphQL first, whose message reports a missing repository. */
  readonly asksGraphql?: (call: Call<T>) => boolean;
  /** gh's rule for the number of positional arguments. */
  readonly arguments: ArgumentRule;
  readonly run: (call: Call<T>) => Promise<Result>;
}

/** `none`: cobra's rule; `reminder`: the same with gh's message; `one`; `optional`: at most one; `any`. */
type ArgumentRule = "none" | "reminder" | "one" | "optional" | "any";

/** Makes a {@link Command} whose run function sees its own flags by name and type. */
export function defineCommand<T extends FlagTable>(definition: CommandDefinition<T>): Command {
  const { run, arguments: _rule, json, asksGraphql, ...rest } = definition;
  return {
    ...rest,
    run: async (args, context) => {
      const usage = usageOf(definition.path, context.gh);
      const parsed: ParsedFlags<T> = parseFlags(definition.flags, args, usage && withFields(usage, json, context.gh));
      const refuse = (words: string) => (usage ?? context.native(words)).refuse(words);
      checkArguments(definition, parsed, refuse);
      const values: Readonly<Record<string, unknown>> = parsed.values;
      context.useRepositoryFlag(values.repo);
      const call = { flags: parsed.values, given: parsed.given, args: parsed.positional, context, refuse };
      return asksGraphql?.(call) ? orNoRepository(run(call), context) : run(call);
    },
  };
}

/** Where `--json` names no field, gh lists them in place of its usage. */
function withFields(usage: GhUsage, json: FieldTable | undefined, gh: GhRelease): FlagRules {
  const refuse = (words: string): never => {
    if (words === "flag needs an argument: --json" && json) throw missingFields(json, gh);
    return usage.refuse(words);
  };
  return { knows: (flag) => usage.knows(flag), choices: (flag) => usage.choices(flag), refuse };
}

/** cobra's and gh's own messages for too few or too many arguments, which no release has changed. */
function checkArguments<T extends FlagTable>(
  { arguments: rule, flags, path }: CommandDefinition<T>,
  { positional, given }: ParsedFlags<T>,
  refuse: GhUsage["refuse"],
): void {
  const count = positional.length;
  if (rule === "one" && count !== 1) throw new CommandFailure(`accepts 1 arg(s), received ${count}`);
  if (rule === "optional" && count > 1) throw new CommandFailure(`accepts at most 1 arg(s), received ${count}`);
  const [first] = positional;
  if (first === undefined || (rule !== "none" && rule !== "reminder")) return;
  if (rule === "none") refuse(`unknown command ${goQuote(first)} for "gh ${path.join(" ")}"`);
  const named =
    count === 1 ? `argument ${goQuote(first)}` : `arguments [${positional.map((each) => goQuote(each)).join(" ")}]`;
  const takesValue = [...given].some((name) => flags[name]?.type !== "bool");
  refuse(`unknown ${named}${takesValue ? "; please quote all values that have spaces" : ""}`);
}

/** `-R` as every command of a repository takes it. */
export const repositoryFlag = { repo: { type: "string", short: "R" } } as const satisfies FlagTable;

/** `--json`, `--jq` and `--template` as gh's exporter adds them. */
export const exportFlags = {
  json: { type: "strings" },
  jq: { type: "string", short: "q" },
  template: { type: "string", short: "t" },
} as const satisfies FlagTable;
