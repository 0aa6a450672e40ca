/**
 * gh's own commands, which distinguish a mistyped command from one that Octopool leaves to gh. Source: `gh help
 * reference`, 2.46 to 2.103.
 */

/** Subcommands by group; a command without any has an empty list. */
export const ghCommands: Readonly<Record<string, readonly string[]>> = {
  "agent-task": ["create", "list", "view"],
  alias: ["delete", "import", "list", "set"],
  api: [],
  attestation: ["download", "trusted-root", "verify"],
  auth: ["login", "logout", "refresh", "setup-git", "status", "switch", "token"],
  browse: [],
  cache: ["delete", "list"],
  co: [],
  codespace: ["code", "cp", "create", "delete", "edit", "jupyter", "list", "logs", "ports", "rebuild", "ssh", "stop"],
  completion: [],
  config: ["clear-cache", "get", "list", "set"],
  copilot: [],
  discussion: ["comment", "create", "edit", "list", "view"],
  extension: ["browse", "create", "exec", "install", "list", "remove", "search", "upgrade"],
  gist: ["clone", "create", "delete", "edit", "list", "rename", "view"],
  "gpg-key": ["add", "delete", "list"],
  issue: [
    ...["artifact", "close", "comment", "create", "delete", "develop", "edit", "list", "lock", "pin", "reopen"],
    ...["status", "transfer", "unlock", "unpin", "view"],
  ],
  label: ["clone", "create", "delete", "edit", "list"],
  licenses: [],
  org: ["list"],
  pr: [
    ...["checkout", "checks", "close", "comment", "create", "diff", "edit", "list", "lock", "merge", "ready", "reopen"],
    ...["revert", "review", "status", "unlock", "update-branch", "view"],
  ],
  project: [
    ...["close", "copy", "create", "delete", "edit", "field-create", "field-delete", "field-list", "item-add"],
    ...["item-archive", "item-create", "item-delete", "item-edit", "item-list", "link", "list", "mark-template"],
    ...["unlink", "view"],
  ],
  release: ["create", "delete", "delete-asset", "download", "edit", "list", "upload", "verify", "verify-asset", "view"],
  repo: [
    ...["archive", "autolink", "clone", "create", "delete", "deploy-key", "edit", "fork", "gitignore", "license"],
    ...["list", "read-dir", "read-file", "rename", "set-default", "sync", "unarchive", "view"],
  ],
  ruleset: ["check", "list", "view"],
  run: ["cancel", "delete", "download", "list", "rerun", "view", "watch"],
  search: ["code", "commits", "issues", "prs", "repos"],
  secret: ["delete", "list", "set"],
  skill: ["install", "list", "preview", "publish", "search", "update"],
  "ssh-key": ["add", "delete", "list"],
  status: [],
  variable: ["delete", "get", "list", "set"],
  workflow: ["disable", "enable", "list", "run", "view"],
};

/** gh's second names: of groups, and of subcommands in any group. */
const aliases: Readonly<Record<string, string>> = {
  cs: "codespace",
  ext: "extension",
  extensions: "extension",
  rs: "ruleset",
  agent: "agent-task",
  skills: "skill",
  at: "attestation",
};
const subcommandAliases: Readonly<Record<string, string>> = {
  ls: "list",
  new: "create",
  co: "checkout",
  remove: "delete",
};

/** Whether gh has this command itself: no alias of the user's, no extension, no typing mistake. */
export function isGhCommand([group = "", subcommand = ""]: readonly string[]): boolean {
  const subcommands = Object.hasOwn(ghCommands, aliases[group] ?? group)
    ? ghCommands[aliases[group] ?? group]
    : undefined;
  if (subcommands === undefined) return ["", "help", "version"].includes(group) || group.startsWith("-");
  if (subcommands.length === 0 || subcommand === "" || subcommand.startsWith("-")) return true;
  return subcommands.includes(subcommand) || subcommands.includes(subcommandAliases[subcommand] ?? "");
}
