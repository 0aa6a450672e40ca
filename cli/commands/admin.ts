import { gatePolicies } from "../../shared/events/gates.ts";
import {
  type CommandContext,
  type CommandDefinition,
  jsonOption,
  type OptionDefinition,
  poolOption,
  serverOption,
} from "../command.ts";
import { adminIdentityCommand, yesOption } from "./admin-identity.ts";

const where: readonly OptionDefinition[] = [poolOption, serverOption];
/** A caller is known by name in all pools; `--pool` is taken from older scripts, and has no effect. */
const anyPool: readonly OptionDefinition[] = [{ ...poolOption, hidden: true }, serverOption];
const callerArgument = { name: "caller", description: "Its id or GitHub login.", required: true } as const;

const addCaller = async (context: CommandContext) => (await import("../admin/callers.ts")).addCaller(context);
const nameOption: OptionDefinition = {
  flags: "--name <name>",
  description: "The machine that the token is for; a token that it has already is replaced.",
  default: "admin",
};

const callerCommand: CommandDefinition = {
  name: "caller",
  aliases: ["callers"],
  summary: "Manage callers: the people and bots that may read",
  // The early form: `admin caller --github-login LOGIN`.
  options: [
    { flags: "--github-login <login>", description: "Older form of `add`.", hidden: true },
    { ...nameOption, hidden: true },
    jsonOption,
    ...where,
  ],
  run: async (context) => {
    if (context.input.text("github-login") !== undefined) return addCaller(context);
    const { missingSubcommand } = await import("../failure.ts");
    throw missingSubcommand("admin caller");
  },
  subcommands: [
    {
      name: "add",
      summary: "Give a GitHub account access to a pool, and print a token for it",
      arguments: [{ name: "github-login", description: "The account's login.", required: true }],
      options: [nameOption, jsonOption, ...where],
      examples: [
        { command: "octopool admin caller add mona --pool bots", does: "the token is shown once" },
        { command: "octopool admin caller add mona --name build-1", does: "one more machine of mona's" },
      ],
      run: addCaller,
    },
    {
      name: "list",
      summary: "List callers and their machines",
      options: [
        jsonOption,
        { flags: "--pool <name>", description: "Only the callers of this pool.", default: "all pools" },
        serverOption,
      ],
      examples: [{ command: "octopool admin caller list --json", does: "with tokens' names, never their values" }],
      run: async (context) => (await import("../admin/callers.ts")).listCallers(context),
    },
    {
      name: "disable",
      summary: "Lock a caller out until it is enabled again",
      arguments: [callerArgument],
      options: anyPool,
      examples: [
        { command: "octopool admin caller disable mona", does: "all of mona's machines, everywhere within 30 s" },
      ],
      run: async (context) => (await import("../admin/callers.ts")).setCallerDisabled(context, true),
    },
    {
      name: "enable",
      summary: "Let a disabled caller in again",
      arguments: [callerArgument],
      options: anyPool,
      examples: [{ command: "octopool admin caller enable mona", does: "its tokens work again" }],
      run: async (context) => (await import("../admin/callers.ts")).setCallerDisabled(context, false),
    },
    {
      name: "grant-dashboard",
      summary: "Open the relay's dashboard to a caller",
      description:
        "The caller has to have logged in before, so that the relay knows the GitHub account and not only its login.",
      arguments: [callerArgument],
      options: anyPool,
      examples: [{ command: "octopool admin caller grant-dashboard mona", does: "mona then signs in at /dashboard" }],
      run: async (context) => (await import("../admin/callers.ts")).setDashboardRole(context, "admin"),
    },
    {
      name: "withdraw-dashboard",
      summary: "Close the relay's dashboard to a caller",
      arguments: [callerArgument],
      options: anyPool,
      examples: [{ command: "octopool admin caller withdraw-dashboard mona", does: "at once, sessions included" }],
      run: async (context) => (await import("../admin/callers.ts")).setDashboardRole(context, null),
    },
    {
      name: "forget",
      summary: "Delete a caller, and its name from the audit trail",
      description:
        "For a person who leaves, and for a login that another GitHub account has now. Tokens, grants and browser sessions end; its requests stay in the statistics, without a caller. `disable` keeps it, and its history.",
      arguments: [callerArgument],
      options: [yesOption, ...where],
      examples: [{ command: "octopool admin caller forget old-bot --yes", does: "cannot be undone" }],
      run: async (context) => (await import("../admin/callers.ts")).forgetCaller(context),
    },
    {
      name: "revoke",
      summary: "Revoke a caller's tokens",
      arguments: [callerArgument],
      options: [{ flags: "--client <name>", description: "Only the token of this machine." }, ...anyPool],
      examples: [{ command: "octopool admin caller revoke mona --client old-laptop", does: "one lost machine" }],
      run: async (context) => (await import("../admin/callers.ts")).revokeTokens(context),
    },
  ],
};

const onOff = ["on", "off"] as const;

const poolCommand: CommandDefinition = {
  name: "pool",
  aliases: ["pools"],
  summary: "Show pools and set their policies",
  subcommands: [
    {
      name: "list",
      summary: "List the relay's pools",
      options: [jsonOption, serverOption],
      examples: [{ command: "octopool admin pool list", does: "with the number of identities" }],
      run: async (context) => (await import("../admin/pools.ts")).listPools(context),
    },
    {
      name: "show",
      summary: "Show a pool's policy",
      options: [jsonOption, ...where],
      examples: [{ command: "octopool admin pool show --pool bots", does: "owners, public, logs, search, gates" }],
      run: async (context) => (await import("../admin/pools.ts")).showPolicy(context),
    },
    {
      name: "set-policy",
      summary: "Change a pool's policy; members that are not named stay",
      options: [
        {
          flags: "--allowed-owner <owner>",
          description:
            "Owner whose repositories may be read while --allow-public-repos is off; `*` for any. Replaces the list.",
          repeatable: true,
        },
        { flags: "--no-owners", description: "Empty that list." },
        {
          flags: "--allow-public-repos <on|off>",
          description: "Public repositories of any owner; when off, only those of the allowed owners.",
          choices: onOff,
        },
        {
          flags: "--allow-logs <on|off>",
          description: "Logs of single jobs, as of `gh api repos/OWNER/REPO/actions/jobs/ID/logs`.",
          choices: onOff,
        },
        {
          flags: "--allow-search <on|off>",
          description: "Searches inside one repository, and for public repositories; their rate limit is small.",
          choices: onOff,
        },
        {
          flags: "--gates <policy>",
          description:
            "Reads that others decide by: `ask` GitHub each time; `probe`: let events vouch for checks; `push`: also for a pull request's state, head and merge. docs/freshness.md has the rules.",
          choices: gatePolicies,
        },
        jsonOption,
        ...where,
      ],
      examples: [
        {
          command: "octopool admin pool set-policy --allow-public-repos off --allowed-owner acme --allowed-owner cli",
          does: "two owners only",
        },
        { command: "octopool admin pool set-policy --allow-search on", does: "`gh search` through the pool" },
        { command: "octopool admin pool set-policy --gates probe", does: "checks that events vouch for" },
      ],
      run: async (context) => (await import("../admin/pools.ts")).setPolicy(context),
    },
  ],
};

const cacheCommand: CommandDefinition = {
  name: "cache",
  summary: "Purge the relay's cache",
  subcommands: [
    {
      name: "purge",
      summary: "Forget the answers of one repository or one route",
      options: [
        { flags: "--repo <owner/name>", description: "Everything of this repository." },
        { flags: "--route <kind>", description: "Everything of this route, such as pr_view." },
        jsonOption,
        ...where,
      ],
      examples: [{ command: "octopool admin cache purge --repo acme/tool", does: "after it became private" }],
      run: async (context) => (await import("../admin/pools.ts")).purgeCache(context),
    },
  ],
};

const auditCommand: CommandDefinition = {
  name: "audit",
  summary: "Show the audit trail: requests and operators' changes",
  options: [
    { flags: "--since <window>", description: "How far back: 30m, 24h, 7d.", default: "the last 50 events" },
    { flags: "--changes", description: "Operators' changes only." },
    { flags: "-f, --follow", description: "Go on as it happens." },
    { ...jsonOption, description: "Print JSON for programs, one object a line." },
    { ...poolOption, default: "all pools" },
    serverOption,
  ],
  examples: [
    { command: "octopool admin audit -f", does: "watch the relay at work" },
    { command: "octopool admin audit --changes --since 7d", does: "operators' changes" },
    { command: "octopool admin audit --since 1h --json | jq 'select(.status >= 500)'", does: "its own failures" },
  ],
  run: async (context) => (await import("../admin/audit.ts")).audit(context),
};

export const adminCommand: CommandDefinition = {
  name: "admin",
  group: "For operators",
  summary: "Run a relay: callers, identities, policies, cache, audit",
  description:
    "Needs the relay's OCTOPOOL_ADMIN_TOKEN, from the environment or typed on a terminal; never as an argument.",
  examples: [
    { command: "octopool admin identity list", does: "the identities of the pool" },
    { command: "octopool admin audit -f", does: "watch it work" },
  ],
  subcommands: [callerCommand, adminIdentityCommand, poolCommand, cacheCommand, auditCommand],
};
