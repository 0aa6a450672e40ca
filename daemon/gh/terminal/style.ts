/** Terminal, width and colour, as gh's iostreams decide them from the environment. */
import { NativeRequired } from "../../reader.ts";
import type { Invocation } from "../engine.ts";

export interface OutputStyle {
  /** stdout is a terminal, or GH_FORCE_TTY is set. */
  readonly stdoutTty: boolean;
  readonly color: boolean;
  /** Width that tables and templates may use. */
  readonly columns: number;
}

const defaultColumns = 80;

/** Decides once for a command. Throws NativeRequired where a pager would stand between gh and the terminal. */
export function outputStyle({ env, tty, columns }: Invocation): OutputStyle {
  const force = env.GH_FORCE_TTY;
  const forced = force !== undefined && force !== "";
  const stdoutTty = tty.stdout || forced;
  return { stdoutTty, color: colorEnabled(env, stdoutTty), columns: width(force, columns) };
}

/** gh pipes a terminal's output through a pager when one is named; its keys and its end belong to the pager. */
export function requireNoPager(env: Invocation["env"], style: OutputStyle): void {
  const pager = env.GH_PAGER ?? env.PAGER ?? "";
  if (style.stdoutTty && pager !== "" && pager !== "cat") throw new NativeRequired("a pager is set");
}

function colorEnabled(env: Invocation["env"], stdoutTty: boolean): boolean {
  const forced = (env.CLICOLOR_FORCE ?? "") !== "" && env.CLICOLOR_FORCE !== "0";
  if (forced) return true;
  const disabled = (env.NO_COLOR ?? "") !== "" || env.CLICOLOR === "0";
  return !disabled && stdoutTty;
}

/** GH_FORCE_TTY is a number of columns, a percentage of the terminal's, or merely "yes". */
function width(force: string | undefined, columns: number | undefined): number {
  const [, number, percent] = /^\+?(\d{1,9})(%?)$/.exec(force ?? "") ?? [];
  const given = Number(number ?? 0);
  if (given > 0 && percent === "") return given;
  // Without a terminal there is no width to take a share of.
  const share = columns !== undefined && given > 0 ? Math.trunc(columns * (given / 100)) : columns;
  return share || defaultColumns;
}
