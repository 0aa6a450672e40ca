/** The fields of `--json` as each release lists them. */
import { CommandFailure } from "../command-failure.ts";
import type { GhRelease } from "../versions.ts";

/** A command's fields, with the minor release of those that came after gh 2.46. */
export interface FieldTable {
  readonly known: readonly string[];
  readonly later?: Readonly<Record<string, number>>;
}

/** One field a line, sorted, as this gh lists them; native between the eras whose lists are known. */
export function fieldList({ known, later = {} }: FieldTable, gh: GhRelease, reason: string): string {
  const era = gh.fieldEra;
  if (era === undefined) return gh.native(reason);
  return known
    .filter((name) => era !== "2.46" || later[name] === undefined)
    .toSorted()
    .join("\n  ");
}

/** gh's message where `--json` is the last argument. */
export function missingFields(table: FieldTable, gh: GhRelease): CommandFailure {
  const list = fieldList(table, gh, "--json without fields");
  return new CommandFailure(`Specify one or more comma-separated fields for \`--json\`:\n  ${list}`);
}
