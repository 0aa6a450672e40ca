import {
  type CommandContext,
  type CommandDefinition,
  jsonOption,
  type OptionDefinition,
  poolOption,
  serverOption,
} from "../command.ts";

export const yesOption: OptionDefinition = {
  flags: "-y, --yes",
  description: "Do not ask once more; needed without a terminal.",
};

const where: readonly OptionDefinition[] = [poolOption, serverOption];
const idArgument = { name: "id", description: "The identity's id.", required: true } as const;

const shape: readonly OptionDefinition[] = [
  {
    flags: "--kind <kind>",
    description: "A personal access token, or an App's installation.",
    choices: ["pat", "github_app"],
    default: "pat",
  },
  { flags: "--login <login>", description: "The GitHub user of the token, or the App's slug.", required: true },
  {
    flags: "--secret-ref <name>",
    description: "Name of the Worker secret with the token or the App's PKCS#8 key.",
    required: true,
  },
  { flags: "--installation-id <number>", description: "The App's installation; required for github_app." },
  {
    flags: "--scope <owner[/repo]>",
    description: "Repositories that it may read; `*` for any public one.",
    repeatable: true,
    required: true,
  },
  {
    flags: "--private-scopes",
    description: "Mark its scopes as private (kept for other relays; private data never passes a pool).",
  },
  {
    flags: "--weight <number>",
    description: "Its share among equally healthy ones, over 0 up to 1000.",
    default: "1, or the weight it had",
  },
];

const addIdentity = async (context: CommandContext) => (await import("../admin/identities.ts")).addIdentity(context);

export const adminIdentityCommand: CommandDefinition = {
  name: "identity",
  aliases: ["identities"],
  summary: "Manage a pool's identities",
  // The early form: `admin identity --id ID …`.
  options: [
    { flags: "--id <id>", description: "Older form of `add`.", hidden: true },
    ...shape.map((option) => ({ ...option, hidden: true, required: false })),
    jsonOption,
    ...where,
  ],
  run: async (context) => {
    if (context.input.text("id") !== undefined) return addIdentity(context);
    const { missingSubcommand } = await import("../failure.ts");
    throw missingSubcommand("admin identity");
  },
  subcommands: [
    {
      name: "add",
      summary: "Add an identity to a pool, or replace the one of that id",
      description:
        "Of an identity that exists, login, secret, installation and scopes are replaced. Its weight, unless it is named, and whether it is disabled stay; pool and kind never change.",
      arguments: [idArgument],
      options: [...shape, jsonOption, ...where],
      examples: [
        {
          command: "octopool admin identity add bot1 --login acme-bot --secret-ref BOT1_TOKEN --scope '*'",
          does: "a personal access token",
        },
        {
          command:
            "octopool admin identity add app1 --kind github_app --login acme-reader --secret-ref APP_KEY --installation-id 123 --scope acme",
          does: "an App's installation",
        },
      ],
      run: addIdentity,
    },
    {
      name: "list",
      summary: "List a pool's identities",
      options: [jsonOption, ...where],
      examples: [{ command: "octopool admin identity list --pool bots", does: "with scopes, weight and state" }],
      run: async (context) => (await import("../admin/identities.ts")).listIdentities(context),
    },
    {
      name: "disable",
      summary: "Stop using an identity",
      arguments: [idArgument],
      options: where,
      examples: [{ command: "octopool admin identity disable bot1", does: "its rate limit is left alone" }],
      run: async (context) => (await import("../admin/identities.ts")).setIdentityDisabled(context, true),
    },
    {
      name: "enable",
      summary: "Use a disabled identity again",
      arguments: [idArgument],
      options: where,
      examples: [{ command: "octopool admin identity enable bot1", does: "with the scopes it had" }],
      run: async (context) => (await import("../admin/identities.ts")).setIdentityDisabled(context, false),
    },
    {
      name: "remove",
      summary: "Take an identity out of its pool for good",
      description: "Its scopes and weight are lost; `disable` keeps them. The Worker keeps its secret.",
      arguments: [idArgument],
      options: [yesOption, ...where],
      examples: [{ command: "octopool admin identity remove bot3 --yes", does: "cannot be undone" }],
      run: async (context) => (await import("../admin/identities.ts")).removeIdentity(context),
    },
    {
      name: "weight",
      summary: "Set an identity's share of the traffic",
      arguments: [idArgument, { name: "weight", description: "Over 0 up to 1000; 1 is normal.", required: true }],
      options: where,
      examples: [{ command: "octopool admin identity weight bot1 0.5", does: "half of the others' share" }],
      run: async (context) => (await import("../admin/identities.ts")).setIdentityWeight(context),
    },
  ],
};
