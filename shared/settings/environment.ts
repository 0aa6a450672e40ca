/** Reads variables of the environment by the rules of their rows in the table. */
import { OctopoolError } from "../errors.ts";
import { environmentTable, type Variable, type VariableName, variables } from "./environment-table.ts";

/** The environment as the process has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Named<Kind extends Variable["kind"]> = {
  [Name in VariableName]: (typeof environmentTable)[Name]["kind"] extends Kind ? Name : never;
}[VariableName];

const on = new Set(["1", "true", "yes", "on"]);
const off = new Set(["", "0", "false", "no", "off"]);

/**
 * A switch.
 * @throws OctopoolError `environment_invalid` for a value that is neither on nor off.
 */
export function environmentFlag(env: Environment, name: Named<"flag">): boolean {
  const value = (env[name] ?? "").trim().toLowerCase();
  if (on.has(value)) return true;
  if (off.has(value)) return false;
  throw invalid(name, "must be 1 or 0");
}

/**
 * A whole number within its row's bounds; `undefined` when unset.
 * @throws OctopoolError `environment_invalid`.
 */
export function environmentInteger(env: Environment, name: Named<"integer">): number | undefined {
  const value = environmentText(env, name);
  if (value === undefined) return undefined;
  const { minimum, maximum } = environmentTable[name];
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw invalid(name, `must be a whole number from ${minimum} to ${maximum}`);
}

/** The text itself; empty counts as unset, as everywhere in this table. */
export function environmentText(env: Environment, name: VariableName): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

/**
 * One of the values that the row lists; `undefined` when unset.
 * @throws OctopoolError `environment_invalid`.
 */
export function environmentChoice<Name extends Named<"choice">>(
  env: Environment,
  name: Name,
): (typeof environmentTable)[Name]["choices"][number] | undefined {
  const value = environmentText(env, name);
  if (value === undefined) return undefined;
  const { choices } = environmentTable[name];
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw invalid(name, `must be one of ${choices.join(", ")}`);
}

/** Every variable whose value cannot be used; empty when all is well. */
export function checkEnvironment(env: Environment): readonly OctopoolError[] {
  return variables.flatMap((row) => {
    const problem = problemOf(row, environmentText(env, row.name));
    return problem === undefined ? [] : [invalid(row.name, problem)];
  });
}

function problemOf(row: Variable, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (row.kind === "flag" && !on.has(value.trim().toLowerCase()) && !off.has(value.trim().toLowerCase()))
    return "must be 1 or 0";
  if (row.kind === "choice" && !row.choices?.includes(value)) return `must be one of ${row.choices?.join(", ")}`;
  if (row.kind === "url" && !URL.canParse(value)) return "must be an address such as https://relay.example.org";
  if (row.kind === "integer") {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    const [minimum = 0, maximum = Number.MAX_SAFE_INTEGER] = [row.minimum, row.maximum];
    if (!(number >= minimum && number <= maximum)) return `must be a whole number from ${minimum} to ${maximum}`;
  }
  return undefined;
}

function invalid(name: VariableName, rule: string): OctopoolError {
  return new OctopoolError("environment_invalid", `${name} ${rule}.`, { hint: `Correct or unset ${name}.` });
}
