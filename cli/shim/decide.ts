/**
 * Read or native, from the arguments alone: a known write never waits for the daemon. Commands that are listed here may
 * be reads, which the engine decides exactly; everything else is the real gh's.
 */

export type Decision =
  /** The daemon may be able to answer. */
  | { readonly kind: "read" }
  /** The real gh, at once. `write`: it may change something on GitHub, so that later reads must be live. */
  | { readonly kind: "native"; readonly write: boolean };

/** Commands that may be answered, by their first word and their second. */
export const readCommands: Readonly<Record<string, readonly string[]>> = {
  pr: ["view", "list", "ls", "checks", "diff", "status"],
  issue: ["view", "list", "ls", "status"],
  run: ["view", "list", "ls", "watch"],
  workflow: ["view", "list", "ls"],
  release: ["view", "list", "ls"],
  repo: ["view", "list", "ls"],
  label: ["list", "ls"],
  search: ["issues", "prs", "repos", "commits", "code"],
};

/** First words of commands that change nothing on GitHub. */
export const quietCommands: readonly string[] = [
  "",
  "alias",
  "attestation",
  "auth",
  "browse",
  "completion",
  "config",
  "extension",
  "extensions",
  "ext",
  "help",
  "preview",
  "reference",
  "search",
  "status",
  "version",
];

/** Second words that change nothing, whatever the first. */
export const quietSubcommands: readonly string[] = [
  "checkout",
  "clone",
  "co",
  "download",
  "get",
  "list",
  "ls",
  "status",
  "verify",
  "view",
];

const quiet: Decision = { kind: "native", write: false };
const write: Decision = { kind: "native", write: true };
const read: Decision = { kind: "read" };

/** Decides by {@link readCommands}; `args` are those after `gh`. */
export function decide(args: readonly string[]): Decision {
  const [command = "", subcommand = ""] = args;
  if (command.startsWith("-") || asksForHelp(args)) return quiet;
  if (command === "api") return decideApi(args.slice(1));
  if (Object.hasOwn(readCommands, command) && readCommands[command]?.includes(subcommand)) return read;
  if (quietCommands.includes(command)) return quiet;
  return quietSubcommands.includes(subcommand) ? quiet : write;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  // A value that happens to be "-h" costs nothing: the real gh is always right.
  return flags.includes("--help") || flags.includes("-h");
}

const apiValueFlags = [
  "method",
  "field",
  "raw-field",
  "header",
  "jq",
  "template",
  "preview",
  "input",
  "cache",
  "hostname",
];
const apiValueLetters = "XfFHqtp";
const apiSwitches = ["include", "paginate", "silent", "slurp", "verbose"];
const apiSwitchLetters = "i";

interface ApiCall {
  method: string | undefined;
  fields: string[];
  input: boolean;
  path: string | undefined;
}

/** `gh api`: a GET without a body is a read; GraphQL and everything else is native. */
function decideApi(args: readonly string[]): Decision {
  const call = parseApi(args);
  if (call === undefined) return write;
  const { method, fields, input, path = "" } = call;
  if (/^\/?graphql$|\/graphql$/.test(path)) return isGraphqlQuery(fields) ? quiet : write;
  const effective = (method ?? (fields.length > 0 || input ? "POST" : "GET")).toUpperCase();
  if (effective !== "GET") return effective === "HEAD" ? quiet : write;
  return input ? quiet : read;
}

/** A query that was written out and holds no mutation; a file or stdin may hold anything. */
function isGraphqlQuery(fields: readonly string[]): boolean {
  const query = fields.findLast((field) => field.startsWith("query="))?.slice("query=".length);
  return query !== undefined && !query.startsWith("@") && !/\bmutation\b/.test(query);
}

/** Flags as pflag reads them; undefined when one is unknown. */
function parseApi(args: readonly string[]): ApiCall | undefined {
  const call: ApiCall = { method: undefined, fields: [], input: false, path: undefined };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      call.path ??= args[index + 1];
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      call.path ??= arg;
      continue;
    }
    const flag = arg.startsWith("--") ? longFlag(arg) : shortFlag(arg);
    if (flag === undefined) return undefined;
    const value = flag.takesValue ? (flag.value ?? args[++index]) : "";
    if (value === undefined) return undefined;
    note(call, flag.name, value);
  }
  return call;
}

interface Flag {
  readonly name: string;
  readonly takesValue: boolean;
  readonly value: string | undefined;
}

function longFlag(arg: string): Flag | undefined {
  const [name = "", ...rest] = arg.slice(2).split("=");
  const value = rest.length > 0 ? rest.join("=") : undefined;
  if (apiValueFlags.includes(name)) return { name, takesValue: true, value };
  return apiSwitches.includes(name) ? { name, takesValue: false, value } : undefined;
}

/** `-i`, `-XPOST`, `-X=POST`, `-iXPOST`. */
function shortFlag(arg: string): Flag | undefined {
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at] ?? "";
    if (apiSwitchLetters.includes(letter)) continue;
    if (!apiValueLetters.includes(letter)) return undefined;
    const rest = arg.slice(at + 1).replace(/^=/, "");
    return { name: letter, takesValue: true, value: at + 1 < arg.length ? rest : undefined };
  }
  return { name: "include", takesValue: false, value: undefined };
}

function note(call: ApiCall, name: string, value: string): void {
  if (name === "X" || name === "method") call.method = value;
  if (name === "f" || name === "F" || name === "field" || name === "raw-field") call.fields.push(value);
  if (name === "input") call.input = true;
}
