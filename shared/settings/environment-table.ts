/**
 * Every environment variable that Octopool reads, in one table: validation, and documentation come from it, and the
 * list that a client sends to the daemon (shared/protocol.ts) is tested against it. Imports nothing, because the thin
 * client loads it.
 */

interface Row {
  readonly kind: "flag" | "integer" | "url" | "path" | "text" | "secret" | "choice";
  /** Its effect, one sentence, for people. */
  readonly purpose: string;
  /** The default, in words. */
  readonly unset: string;
  /** Whether a client sends it to the daemon in the form of each call. Secrets are never sent this way. */
  readonly sent: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
}

export const environmentTable = {
  // // The relay and the login
  OCTOPOOL_URL: {
    kind: "url",
    purpose: "Relay to talk to; a saved token is not sent to it unless it is the saved relay.",
    unset: "the saved relay",
    sent: true,
  },
  OCTOPOOL_TOKEN: {
    kind: "secret",
    purpose: "Caller token, for machines that cannot log in.",
    unset: "the saved token",
    sent: false,
  },
  OCTOPOOL_POOL: {
    kind: "text",
    purpose: "Pool to read from.",
    unset: "the one saved for that relay, else maintainers",
    sent: true,
  },
  OCTOPOOL_CLIENT: {
    kind: "text",
    purpose: "This machine's name at the relay.",
    unset: "the one saved for that relay, else the host name",
    sent: true,
  },
  OCTOPOOL_ADMIN_TOKEN: {
    kind: "secret",
    purpose: "Operator token of `octopool admin`.",
    unset: "asked for on a terminal",
    sent: false,
  },
  OCTOPOOL_ALLOW_INSECURE_LOGIN: {
    kind: "flag",
    purpose: "Allow a relay on plain http that is not on this machine (development only).",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_CREDENTIAL_STORE: {
    kind: "choice",
    choices: ["auto", "keyring", "file"],
    purpose:
      "Where the token is kept: the system keyring, a file only you can read, or the first of the two that works.",
    unset: "auto",
    sent: false,
  },
  // How reads are answered
  OCTOPOOL_FRESH: { kind: "flag", purpose: "Ask GitHub for every part of the answer.", unset: "off", sent: true },
  OCTOPOOL_NO_PROOF: {
    kind: "flag",
    purpose: "With a gh newer than Octopool was tested with: run it without comparing its answers with our own.",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_READ_EXTENSIONS: {
    kind: "text",
    purpose: "Extensions of gh that only read, by commas: later reads need not be live after them.",
    unset: "every extension may write",
    sent: false,
  },
  OCTOPOOL_QUIET_CACHE: {
    kind: "flag",
    purpose: "Do not say on a terminal that an answer came from a cache (a stale one is always labelled).",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_VERBOSE: {
    kind: "flag",
    purpose: "Say on stderr why a command went to the real gh.",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_NO_FALLBACK: {
    kind: "flag",
    purpose: "Turn a refusal or an outage of the relay into an error instead of running the real gh.",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_NO_VIA: {
    kind: "flag",
    purpose: "The real gh asks GitHub itself, never through the daemon.",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_GRAPHQL_SECONDS: {
    kind: "integer",
    minimum: 0,
    maximum: 15,
    purpose:
      "How long the daemon gives the answer to a GraphQL query of your own token again, in seconds; never gate fields.",
    unset: "5",
    sent: false,
  },
  OCTOPOOL_NATIVE_REPOSITORIES: {
    kind: "flag",
    purpose: "Note and show in `octopool stats --native` which repositories commands name; never sent to a relay.",
    unset: "off",
    sent: true,
  },
  OCTOPOOL_RELAY_RETRIES: {
    kind: "integer",
    minimum: 0,
    maximum: 10,
    purpose: "How often a failed request to the relay is tried again.",
    unset: "1",
    sent: true,
  },
  // How it runs on this machine
  OCTOPOOL_GH_PATH: {
    kind: "path",
    purpose: "The real gh.",
    unset: "found on PATH, skipping Octopool's own",
    sent: true,
  },
  OCTOPOOL_NO_DAEMON: {
    kind: "flag",
    purpose: "Answer inside this process instead of through the daemon (containers).",
    unset: "off",
    sent: false,
  },
  OCTOPOOL_NO_SPAWN: {
    kind: "flag",
    purpose: "Use a running daemon, but never start or replace one.",
    unset: "off",
    sent: false,
  },
  OCTOPOOL_RUNTIME_DIR: {
    kind: "path",
    purpose: "Directory of the daemon's socket, lock and log.",
    unset: "$XDG_RUNTIME_DIR/octopool, else a private directory under the temporary directory",
    sent: false,
  },
  OCTOPOOL_CACHE_MIB: {
    kind: "integer",
    minimum: 1,
    maximum: 4096,
    purpose: "Memory that the daemon keeps answers in, in MiB.",
    unset: "64",
    sent: false,
  },
  OCTOPOOL_IDLE_SECONDS: {
    kind: "integer",
    minimum: 1,
    maximum: 604_800,
    purpose: "How long the daemon stays without work, in seconds.",
    unset: "900",
    sent: false,
  },
  OCTOPOOL_NO_UPDATE_NOTIFIER: {
    kind: "flag",
    purpose: "Do not ask the npm registry once a day for a newer release (only on a terminal, never of `gh` itself).",
    unset: "off",
    sent: false,
  },
  XDG_CONFIG_HOME: {
    kind: "path",
    purpose: "Parent of Octopool's settings directory.",
    unset: "~/.config",
    sent: true,
  },
  PATH: { kind: "text", purpose: "Where the real gh and git are found.", unset: "the usual places", sent: true },
  HOME: { kind: "path", purpose: "Your home directory.", unset: "set by the system", sent: true },
  HTTPS_PROXY: {
    kind: "text",
    purpose: "Proxy on the way to the relay; on Node 22, commands also need NODE_USE_ENV_PROXY=1.",
    unset: "none",
    sent: true,
  },
  HTTP_PROXY: { kind: "text", purpose: "The same for a relay on plain http.", unset: "none", sent: true },
  NO_PROXY: { kind: "text", purpose: "Hosts that are reached without a proxy.", unset: "none", sent: true },
  // gh's own, which change gh's answer
  GH_TOKEN: { kind: "secret", purpose: "GitHub token, used by `octopool login` only.", unset: "", sent: false },
  GITHUB_TOKEN: { kind: "secret", purpose: "As GH_TOKEN, second choice.", unset: "gh's own token", sent: false },
  GH_ENTERPRISE_TOKEN: {
    kind: "secret",
    purpose: "Token of a GitHub Enterprise Server, for reads there.",
    unset: "gh's own token",
    sent: false,
  },
  GITHUB_ENTERPRISE_TOKEN: {
    kind: "secret",
    purpose: "As GH_ENTERPRISE_TOKEN, second choice.",
    unset: "",
    sent: false,
  },
  CODESPACES: {
    kind: "text",
    purpose: "Set in a codespace, where a server's token may differ.",
    unset: "",
    sent: false,
  },
  GH_HOST: {
    kind: "text",
    purpose: "Host of gh commands that name none; only github.com has a relay.",
    unset: "the only host of gh's settings, or github.com",
    sent: true,
  },
  GH_REPO: {
    kind: "text",
    purpose: "Repository that gh commands act on.",
    unset: "the one of the directory",
    sent: true,
  },
  GH_CONFIG_DIR: { kind: "path", purpose: "gh's settings (aliases are honoured).", unset: "~/.config/gh", sent: true },
  GH_FORCE_TTY: { kind: "text", purpose: "Terminal style output in a pipe, as in gh.", unset: "off", sent: true },
  GH_DEBUG: { kind: "text", purpose: "gh's tracing; runs the real gh.", unset: "off", sent: true },
  DEBUG: { kind: "text", purpose: "As GH_DEBUG, older.", unset: "off", sent: true },
  GH_PAGER: { kind: "text", purpose: "gh's pager on a terminal.", unset: "PAGER", sent: true },
  PAGER: { kind: "text", purpose: "Pager on a terminal.", unset: "none", sent: true },
  GH_MDWIDTH: {
    kind: "text",
    purpose: "Width of the Markdown that the real gh renders.",
    unset: "as in gh",
    sent: true,
  },
  GLAMOUR_STYLE: {
    kind: "text",
    purpose: "Style of the Markdown that the real gh renders.",
    unset: "as in gh",
    sent: true,
  },
  GH_COLOR_LABELS: {
    kind: "text",
    purpose: "Labels in their own colours, by later versions of gh; runs the real gh.",
    unset: "off",
    sent: true,
  },
  GH_ACCESSIBLE_COLORS: {
    kind: "text",
    purpose: "Other colours of later versions of gh; runs the real gh.",
    unset: "off",
    sent: true,
  },
  GH_TELEMETRY: {
    kind: "text",
    purpose: "`log`: later versions of gh print their telemetry; runs the real gh.",
    unset: "as in gh",
    sent: true,
  },
  // The terminal
  NO_COLOR: { kind: "text", purpose: "No colours when set to anything.", unset: "colours on a terminal", sent: true },
  CLICOLOR: { kind: "text", purpose: "No colours when 0.", unset: "1", sent: true },
  CLICOLOR_FORCE: { kind: "text", purpose: "Colours in a pipe when set and not 0.", unset: "0", sent: true },
  TERM: { kind: "text", purpose: "Terminal type.", unset: "none", sent: true },
  COLORTERM: { kind: "text", purpose: "True-colour terminal.", unset: "none", sent: true },
  TZ: { kind: "text", purpose: "Time zone of printed times.", unset: "the system's", sent: true },
  // git's own
  GIT_DIR: { kind: "path", purpose: "git's repository directory.", unset: "found by git", sent: true },
  GIT_WORK_TREE: { kind: "path", purpose: "git's work tree.", unset: "found by git", sent: true },
} as const satisfies Record<string, Row>;

export type VariableName = keyof typeof environmentTable;
export type Variable = Row & { readonly name: VariableName };

const names = Object.keys(environmentTable).filter((name): name is VariableName => name in environmentTable);

/** The table as rows, in the order of the documentation. */
export const variables: readonly Variable[] = names.map((name) => ({ name, ...environmentTable[name] }));
