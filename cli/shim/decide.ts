/**
 * Read or native, from the arguments alone: a known write never waits for the daemon. Commands that are listed here may
 * be reads, which the engine decides exactly; the real gh runs all others.
 */

import { ghGroups, kindOf, leftToGh } from "../../shared/gh-commands.ts";
import { holdsMutation } from "../../shared/graphql-document.ts";
import { once } from "../../shared/once.ts";
import { isObject, parseJson } from "../../shared/parse-json.ts";

type Decision =
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

/** First words of commands that do not change GitHub. */
export const quietCommands: readonly string[] = [
  "",
  // Each TAB of a shell's completion runs this.
  "__complete",
  "__completeNoDesc",
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

/** Second words that change nothing, after any first word. */
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

/** The surroundings that a decision may depend on. */
export interface DecisionSurroundings {
  /** Names of extensions that only read. */
  readonly extensions: ReadonlySet<string>;
  /**
   * The text of a file, or of standard input (`-`) where reading it takes nothing away; undefined where it cannot be
   * read.
   */
  readonly text: (path: string) => string | undefined;
}

const nothingKnown: DecisionSurroundings = { extensions: new Set(), text: () => undefined };

const quiet: Decision = { kind: "native", write: false };
const write: Decision = { kind: "native", write: true };
const read: Decision = { kind: "read" };

/** Decides by {@link readCommands}; `args` are those after `gh`. */
export function decide(args: readonly string[], surroundings: DecisionSurroundings = nothingKnown): Decision {
  const [command = "", subcommand = ""] = args;
  const help = asksForHelp(args);
  if (command === "api") return help ? quiet : decideApi(args.slice(1), surroundings);
  if (isRead(command, subcommand)) return help ? quiet : read;
  const words = commandWords(args);
  if (!help && leftToGh().has(`${command} ${subcommand}`)) return read;
  if (kindOf(words, surroundings.extensions, args) !== "write") return quiet;
  // Another program may do anything when it is asked for help.
  return help && isBuiltIn(words[0]) ? quiet : write;
}

function isRead(command: string, subcommand: string): boolean {
  return Object.keys(readCommands).includes(command) && readCommands[command]?.includes(subcommand) === true;
}

/** First words that are gh's own beside those of the other tables. */
const otherBuiltIns =
  "agent agent-task agent-tasks agents api at cache codespace copilot cs discussion gist gpg-key org project rs ruleset secret skill skills ssh-key variable";

/** Every first word that is gh's own. */
export const builtInCommands: () => readonly string[] = once(() => [
  ...new Set([...Object.keys(readCommands), ...quietCommands, ...otherBuiltIns.split(" "), ...ghGroups()]),
]);

/** Whether `command` has the same meaning in every gh: gh does not allow an alias or extension of such a name. */
function isBuiltIn(command = ""): boolean {
  return builtInCommands().includes(command);
}

/**
 * The command's words as cobra looks for them, whose rule it is that a flag without `=` takes the next word as its
 * value unless it is a known switch (`stripFlags` in spf13/cobra, command.go).
 */
export function commandWords(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") break;
    if (!arg.startsWith("-")) words.push(arg);
    else if (!arg.includes("=") && (arg.startsWith("--") || arg.length === 2) && !switches.includes(arg)) index++;
  }
  return words.filter((word) => word !== "");
}

const switches = ["--help", "-h", "--version"];

/** Whether it prints for as long as something goes on, and not once at its end. */
export function isWatch(args: readonly string[]): boolean {
  const [command, subcommand] = args;
  return (command === "run" && subcommand === "watch") || args.some((arg) => /^--watch(=|$)/.test(arg));
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  // Behind another flag it may be that flag's value: `--body -h` is a comment.
  return flags.some((arg, index) => (arg === "--help" || arg === "-h") && !mayTakeValue(flags[index - 1]));
}

function mayTakeValue(arg = ""): boolean {
  return arg.startsWith("-") && arg !== "-" && !arg.includes("=");
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
const apiSwitches = ["allow-escape-sequences", "include", "paginate", "silent", "slurp", "verbose"];
const apiSwitchLetters = "i";

interface ApiField {
  readonly value: string;
  /** `-F`: a value that begins with `@` names a file. */
  readonly magic: boolean;
}

interface ApiCall {
  method: string | undefined;
  fields: ApiField[];
  input: string | undefined;
  path: string | undefined;
  /** The host of `--hostname`. */
  hostname?: string;
}

/** Whether a GraphQL request takes its document, or another of its parts, from standard input. */
export function asksStandardInput(args: readonly string[]): boolean {
  if (args[0] !== "api") return false;
  const { path, fields, input } = parseApi(args.slice(1)) ?? { path: "", fields: [], input: undefined };
  return path === "graphql" && (input === "-" || fields.some(({ value, magic }) => magic && /^[^=]*=@-$/.test(value)));
}

/** `gh api`: a GET without a body is a read, and so is a GraphQL query; everything else is native. */
function decideApi(args: readonly string[], surroundings: DecisionSurroundings): Decision {
  const call = parseApi(args);
  if (call === undefined) return write;
  const { method, fields, input, path = "" } = call;
  if (/^\/?graphql$|\/graphql$/.test(path))
    return isGraphqlQuery(call, surroundings) ? (path === "graphql" ? read : quiet) : write;
  const effective = (method ?? (fields.length > 0 || input !== undefined ? "POST" : "GET")).toUpperCase();
  if (effective !== "GET") return effective === "HEAD" ? quiet : write;
  return input === undefined ? read : quiet;
}

/**
 * A document without a mutation, given directly, in a file or in the body; a document that cannot be read counts as a
 * mutation.
 */
function isGraphqlQuery({ fields, input }: ApiCall, { text }: DecisionSurroundings): boolean {
  const document = input === undefined ? documentOf(fields, text) : queryOf(text(input));
  return document !== undefined && !holdsMutation(document);
}

function documentOf(fields: readonly ApiField[], text: DecisionSurroundings["text"]): string | undefined {
  const field = fields.findLast(({ value }) => value.startsWith("query="));
  const value = field?.value.slice("query=".length);
  return field?.magic && value?.startsWith("@") ? text(value.slice(1)) : value;
}

/** The document of a request's body. */
function queryOf(body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  const value = parseJson(body);
  const query = isObject(value) ? value.query : undefined;
  return typeof query === "string" ? query : undefined;
}

/** Flags of `gh api` as pflag reads them, from the words after that one; undefined when one is unknown. */
export function parseApi(args: readonly string[]): ApiCall | undefined {
  const call: ApiCall = { method: undefined, fields: [], input: undefined, path: undefined };
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
  if (name === "F" || name === "field") call.fields.push({ value, magic: true });
  if (name === "f" || name === "raw-field") call.fields.push({ value, magic: false });
  if (name === "input") call.input = value;
  if (name === "hostname") call.hostname = value;
}
