/** The relay's settings that a deployment asks for: the place of each, and the form of a good answer. */
import { loginPattern, parseAllowedUsers } from "../../shared/allowed-users.ts";
import type { Prompt } from "./ask.ts";
import { type Configuration, type Edit, edits } from "./configuration.ts";
import type { GitHubSetup } from "./github.ts";

interface SettingRow extends Prompt {
  /** The features that need it. */
  readonly without: string;
  /** Needed where the setting of that name is empty, and why. */
  readonly unless?: { readonly name: string; readonly why: string };
  /** As {@link Prompt.parse}, where GitHub knows a part of the answer. */
  readonly complete?: (answer: string, github: Pick<GitHubSetup, "accountId">) => Promise<string>;
  /** Empty while it is not set. */
  readonly known: (configuration: Configuration) => string;
  readonly edits: (answer: string, configuration: Configuration) => readonly Edit[];
}

export const settingRows: readonly SettingRow[] = [
  {
    name: "ALLOWED_GITHUB_ORG",
    text: "The GitHub organisation whose members may log in; Enter skips:",
    without: "organisation",
    parse: fits(
      /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i,
      "is no GitHub organisation's name: letters, digits and single hyphens, such as acme",
    ),
    known: ({ variable }) => variable("ALLOWED_GITHUB_ORG"),
    // A pool that stops relaying every owner's public repositories should keep its own organisation's.
    edits: (answer, { variable }) => [
      edits.variable("ALLOWED_GITHUB_ORG", answer),
      ...(variable("DEFAULT_ALLOWED_OWNERS") ? [] : [edits.variable("DEFAULT_ALLOWED_OWNERS", answer)]),
    ],
  },
  {
    name: "ALLOWED_GITHUB_USERS",
    text: "GitHub logins that may log in beside the organisation, or without one (mona, octocat); Enter skips:",
    unless: {
      name: "ALLOWED_GITHUB_ORG",
      why: "without an organisation or a list of logins no account may log in.",
    },
    without: "accounts beside the organisation",
    complete: withIds,
    known: ({ variable }) => variable("ALLOWED_GITHUB_USERS"),
    edits: (answer) => [edits.variable("ALLOWED_GITHUB_USERS", answer)],
  },
  {
    name: "OCTOPOOL_HOST",
    text: "The relay's own host name, in a zone of this Cloudflare account (relay.example.org); Enter skips:",
    without: "address but workers.dev",
    parse: lowered(
      /^(?!.*\.workers\.dev$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/i,
      "is no host name of your own: without https:// and path, such as relay.example.org",
    ),
    known: ({ host }) => host,
    // The OAuth app knows one callback address: the one that does not depend on Cloudflare's.
    edits: (answer, { variable }) => [
      edits.host(answer),
      ...(variable("GITHUB_OAUTH_CALLBACK_ORIGIN")
        ? []
        : [edits.variable("GITHUB_OAUTH_CALLBACK_ORIGIN", `https://${answer}`)]),
    ],
  },
  {
    name: "OCTOPOOL_LOGS_BUCKET",
    text: "Keep the logs of completed jobs for a week, in an R2 bucket (needs R2 turned on)? y/N, or a bucket's name:",
    without: "keeping of job logs",
    parse: (answer) => (/^no?$/i.test(answer) ? "" : bucketName(/^y(es)?$/i.test(answer) ? "octopool-logs" : answer)),
    known: ({ logsBucket }) => logsBucket,
    edits: (answer) => [edits.logsBucket(answer)],
  },
  {
    name: "GITHUB_OAUTH_CLIENT_ID",
    text: "The OAuth app's client id, for the dashboard; Enter skips:",
    without: "signing in to the dashboard",
    parse: fits(/^[\w.-]{6,64}$/, "is no client id: GitHub shows it on the app's page, such as Ov23liAbCdEf"),
    known: ({ variable }) => variable("GITHUB_OAUTH_CLIENT_ID"),
    edits: (answer) => [edits.variable("GITHUB_OAUTH_CLIENT_ID", answer)],
  },
];

/** `mona, octocat:583231` → `mona:1,octocat:583231`: GitHub tells the ids that are missing. */
async function withIds(answer: string, github: Pick<GitHubSetup, "accountId">): Promise<string> {
  const entries = answer.split(",").map((entry) => entry.trim());
  const complete = await Promise.all(
    entries
      .filter((entry) => entry !== "")
      .map(async (entry) => {
        if (!loginPattern.test(entry)) return entry;
        const id = await github.accountId(entry).catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          throw new Error(`the id of ${entry} is not known: ${why}. Give it as ${entry}:ID.`);
        });
        return `${entry}:${id}`;
      }),
  );
  const { unusable } = parseAllowedUsers(complete.join(","));
  if (unusable.length > 0)
    throw new Error(`"${unusable.join(", ")}" is no list of logins, such as mona, octocat:583231.`);
  return complete.join(",");
}

const bucketName = fits(
  /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/,
  "is no bucket's name: 3 to 63 lower-case letters, digits and hyphens, such as octopool-logs",
);

function fits(pattern: RegExp, problem: string): (answer: string) => string {
  return (answer) => {
    if (!pattern.test(answer)) throw new Error(`"${answer}" ${problem}.`);
    return answer;
  };
}

function lowered(pattern: RegExp, problem: string): (answer: string) => string {
  return (answer) => fits(pattern, problem)(answer).toLowerCase();
}
