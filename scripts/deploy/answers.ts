/** Gathers what only people know, all of it before anything is changed. */
import { type Asker, type Question, Stopped } from "./ask.ts";
import type { Configuration } from "./configuration.ts";
import { secretRows } from "./secrets.ts";
import { settingRows } from "./settings.ts";

export interface Answers {
  /** New ones only, by name. */
  readonly given: ReadonlyMap<string, string>;
  /** What a dry run would ask for. */
  readonly asked: ReadonlySet<string>;
  /** Whether it is set, now or before. */
  has(name: string): boolean;
}

export interface Gathering {
  readonly asker: Asker;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
}

interface Row extends Question {
  readonly without: string;
  readonly vital?: boolean;
  readonly needs?: string;
  readonly present: boolean;
}

/** @throws Error that lists every wrong and every missing answer of the environment; Stopped */
export async function gather(
  { asker, dryRun, say }: Gathering,
  configuration: Configuration,
  secrets: readonly string[],
): Promise<Answers> {
  const rows: readonly Row[] = [
    ...settingRows.map((row) => ({ ...row, present: row.known(configuration) !== "" })),
    ...secretRows.map((row) => ({ ...row, present: secrets.includes(row.name) })),
  ];
  const given = new Map<string, string>();
  const problems: string[] = [];
  const has = (name: string) => given.has(name) || rows.some((row) => row.name === name && row.present);
  const asked = new Set<string>();
  for (const row of rows.filter(({ present }) => !present)) {
    const known = asker.answered(row.name);
    if (row.needs && !has(row.needs) && !asked.has(row.needs)) {
      if (known) problems.push(`${row.name} is of use with ${row.needs} only: set both or none.`);
      continue;
    }
    if (dryRun && !known) {
      asked.add(row.name);
      say(`would ask: ${row.name.padEnd(26)} ${row.text}`);
      continue;
    }
    const problem = known || asker.interactive ? undefined : unset(row);
    if (problem) problems.push(problem);
    else await answer(row);
  }
  if (problems.length > 0) throw new Error(`nothing was changed, for:\n  ${problems.join("\n  ")}`);
  return { given, asked, has };

  async function answer(row: Row): Promise<void> {
    try {
      const value = await asker.ask(row);
      if (value) given.set(row.name, value);
      else say(`${row.name} skipped: no ${row.without}`);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      problems.push(`${row.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function unset({ name, required, vital, without, text }: Row): string | undefined {
  if (required) return `${name} is not set: ${required}`;
  return vital ? `${name} is not set: ${text.replace(/; Enter skips:$/, "")}; empty: no ${without}` : undefined;
}
