/** Gathers the answers that only people know, all of them before anything is changed. */
import { type Prompt, type Prompter, Stopped } from "./ask.ts";
import type { Configuration } from "./configuration.ts";
import type { GitHubSetup } from "./github.ts";
import { secretRows } from "./secrets.ts";
import { settingRows } from "./settings.ts";

export interface DeployAnswers {
  /** New ones only, by name. */
  readonly given: ReadonlyMap<string, string>;
  /** The questions of a dry run. */
  readonly asked: ReadonlySet<string>;
  /** Whether it is set, now or before. */
  has(name: string): boolean;
}

interface Gathering {
  readonly asker: Prompter;
  readonly dryRun: boolean;
  readonly github: GitHubSetup;
  readonly say: (line: string) => void;
}

interface Row extends Prompt {
  readonly without: string;
  readonly vital?: boolean;
  readonly needs?: string;
  readonly unless?: { readonly name: string; readonly why: string };
  readonly present: boolean;
}

/** @throws Error that lists every wrong and every missing answer of the environment; Stopped */
export async function gather(
  { asker, dryRun, github, say }: Gathering,
  configuration: Configuration,
  secrets: readonly string[],
): Promise<DeployAnswers> {
  const rows: readonly Row[] = [
    ...settingRows.map(({ complete, ...row }) => ({
      ...row,
      ...(complete ? { parse: (answer: string) => complete(answer, github) } : {}),
      present: row.known(configuration) !== "",
    })),
    ...secretRows.map((row) => ({ ...row, present: secrets.includes(row.name) })),
  ];
  const given = new Map<string, string>();
  const problems: string[] = [];
  /** Wrong ones too: settings that depend on them are judged as if they were right. */
  const attempted = new Set<string>();
  const has = (name: string) => given.has(name) || rows.some((row) => row.name === name && row.present);
  const asked = new Set<string>();
  for (const row of rows.filter(({ present }) => !present)) {
    const known = asker.answered(row.name);
    const comes = (name: string) => has(name) || asked.has(name) || attempted.has(name);
    if (row.needs && !comes(row.needs)) {
      if (asker.answered(row.name, { notEmpty: true }))
        problems.push(`${row.name} is of use with ${row.needs} only: set both or none.`);
      continue;
    }
    const required = row.unless && !comes(row.unless.name) ? row.unless.why : row.required;
    if (dryRun && !known) {
      asked.add(row.name);
      say(`would ask: ${row.name.padEnd(26)} ${row.text}`);
      continue;
    }
    const problem = known || asker.interactive ? undefined : unset({ ...row, required });
    if (problem) {
      problems.push(problem);
      // Either would have answered it: rows that need the other one are told as well.
      if (required && row.unless) attempted.add(row.unless.name);
    } else await answer({ ...row, required });
  }
  if (problems.length > 0) throw new Error(`nothing was changed, for:\n  ${problems.join("\n  ")}`);
  return { given, asked, has };

  async function answer(row: Asked): Promise<void> {
    try {
      const value = await asker.ask(row);
      if (value) given.set(row.name, value);
      else say(`${row.name} skipped: no ${row.without}`);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      attempted.add(row.name);
      problems.push(`${row.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A row, with the meaning of an empty answer after the answers before it. */
type Asked = Omit<Row, "required"> & { readonly required: string | undefined };

function unset({ name, required, unless, vital, without, text }: Asked): string | undefined {
  if (required && unless) return `${unless.name} is not set, nor is ${name}: ${required}`;
  if (required) return `${name} is not set: ${required}`;
  return vital ? `${name} is not set: ${text.replace(/; Enter skips:$/, "")}; empty: no ${without}` : undefined;
}
