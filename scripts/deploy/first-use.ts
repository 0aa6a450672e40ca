/** The first steps with a new relay: an identity for its pool, and its deployer as the first operator. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { parseJson } from "../../shared/parse-json.ts";
import type { DeployAnswers } from "./answers.ts";
import { askYesNo, type Prompter } from "./ask.ts";
import type { AppInstallation, GitHubSetup } from "./github.ts";

/** The steps once the relay answers. */
interface FirstUse {
  /** The App's installation that becomes the pool's identity. */
  readonly installation: AppInstallation | undefined;
  /** Log this machine in, and open the dashboard to its account. */
  readonly operator: boolean;
}

/** The steps that were done. */
interface Done {
  readonly identity: boolean;
  readonly operator: boolean;
  /** The failures, for people. */
  readonly problems: readonly string[];
}

interface Asking {
  readonly asker: Prompter;
  readonly dryRun: boolean;
  readonly github: GitHubSetup;
  readonly say: (line: string) => void;
}

const installationVariable = "POOL_APP_INSTALLATION";
const operatorVariable = "OCTOPOOL_OPERATOR";

/** Variables that answer these questions, and the question of each. */
export const firstUseVariables = [
  [installationVariable, "The installation of the App that becomes the pool's identity (a number, or n)"],
  [operatorVariable, "Log in with the token of your gh, and open the dashboard to you (y or n)"],
] as const;

/**
 * Asked in full before anything is changed. A relay that was deployed before has its identities and operators.
 * @throws Error for a wrong answer of the environment; Stopped
 */
export async function gatherFirstUse(asking: Asking, answers: DeployAnswers, isFirst: boolean): Promise<FirstUse> {
  const installation = await chooseInstallation(asking, answers);
  return { installation, operator: await askOperator(asking, isFirst) };
}

async function chooseInstallation(
  { asker, dryRun, github, say }: Asking,
  { given, asked }: DeployAnswers,
): Promise<AppInstallation | undefined> {
  const [name, text] = firstUseVariables[0];
  const [appId, key] = [given.get("OCTOPOOL_GITHUB_APP_ID"), given.get("POOL_APP_KEY")];
  if (dryRun && asked.has("POOL_APP_KEY")) say(`would ask: ${name.padEnd(26)} ${text}; Enter takes the only one:`);
  if (dryRun || appId === undefined || key === undefined) return undefined;
  const found = await github.installations(appId, key).catch((error: unknown) => String(Object(error).message));
  if (typeof found === "string") return told(say, `the App's installations are not known: ${found}`);
  const [only] = found;
  if (only === undefined) return told(say, "the App is installed nowhere yet: install it from its page on GitHub");
  if (!asker.interactive && !asker.answered(name)) return undefined;
  const list = found.map(({ id, account, app }) => `  ${id}  ${app} in ${account}`).join("\n");
  const answer = await asker.ask({
    name,
    text:
      found.length === 1
        ? `The App ${only.app} is installed in ${only.account} (${only.id}). Make that the pool's identity? Y/n:`
        : `The App's installations:\n${list}\nWhich one becomes the pool's identity? Enter skips:`,
    parse: (typed) => {
      const known = typed === String(only.id) || /^no?$/i.test(typed) || found.some(({ id }) => typed === String(id));
      if (!known && !(found.length === 1 && /^y(es)?$/i.test(typed)))
        throw new Error(`"${typed}" is none of the App's installations: ${found.map(({ id }) => id).join(", ")}.`);
      return typed;
    },
  });
  if (/^no?$/i.test(answer)) return undefined;
  if (found.length === 1 && asker.interactive) return only;
  return found.find(({ id }) => answer === String(id));
}

async function askOperator({ asker, dryRun, say }: Asking, isFirst: boolean): Promise<boolean> {
  const [name, text] = firstUseVariables[1];
  const answered = asker.answered(name);
  if (!answered && !isFirst) return false;
  if (dryRun && !answered) {
    say(`would ask: ${name.padEnd(26)} ${text}:`);
    return false;
  }
  if (!asker.interactive && !answered) return false;
  const question = "Log in to the relay with the token of your gh when it is up, and open its dashboard to you? Y/n:";
  return askYesNo(asker, { name, text: question });
}

function told(say: (line: string) => void, line: string): undefined {
  say(line);
}

interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

export interface FirstUsing {
  readonly origin: string;
  readonly tokenFile: string;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  /** Runs `octopool` of this checkout with these further variables. */
  readonly octopool: (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ran>;
}

const whoamiSchema = z.object({ login: z.string() });

/** Does the answered steps, with the very commands that a person would type. Never throws: the relay stands anyway. */
export async function putToUse({ installation, operator }: FirstUse, using: FirstUsing): Promise<Done> {
  const { origin, tokenFile, say, octopool } = using;
  const problems: string[] = [];
  if (!installation && !operator) {
    if (!using.dryRun) say("nothing was asked for");
    return { identity: false, operator: false, problems };
  }
  const token = (await readFile(tokenFile, "utf8").catch(() => "")).trim();
  const asOperator = { OCTOPOOL_URL: origin, OCTOPOOL_ADMIN_TOKEN: token };
  const identity = installation !== undefined && (await run(identityCommand(installation), asOperator)).ok;
  const loggedIn = operator && (await run(["login", origin], {})).ok;
  const account = loggedIn ? await octopool(["whoami", "--json"], { OCTOPOOL_URL: origin }) : undefined;
  const login = account === undefined ? undefined : whoamiSchema.safeParse(parseJson(account.output)).data?.login;
  const granted = login !== undefined && (await run(["admin", "caller", "grant-dashboard", login], asOperator)).ok;
  return { identity, operator: granted, problems };

  async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    const ran = await octopool(args, env);
    say(ran.output.trim());
    if (!ran.ok) problems.push(`octopool ${args.slice(0, 3).join(" ")} failed`);
    return ran;
  }
}

/** Arguments of `octopool` that make an installation the pool's identity. */
export function identityCommand({ id, app }: AppInstallation): readonly string[] {
  return [
    ...["admin", "identity", "add", "app", "--kind", "github_app", "--login", app, "--installation-id", String(id)],
    ...["--secret-ref", "POOL_APP_KEY", "--scope", "*"],
  ];
}
