/** Colours by meaning; none where the output is not a terminal. */
import { styleText } from "node:util";
import type { Environment } from "../shared/settings/environment.ts";

type Paint = (text: string) => string;

export interface Style {
  readonly enabled: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
  readonly accent: Paint;
  readonly accent2: Paint;
}

/** https://no-color.org and https://bixense.com/clicolors. */
function coloursWanted(env: Environment, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.CLICOLOR_FORCE !== undefined && env.CLICOLOR_FORCE !== "" && env.CLICOLOR_FORCE !== "0") return true;
  return isTerminal && env.CLICOLOR !== "0" && env.TERM !== "dumb";
}

export function createStyle(env: Environment, isTerminal: boolean): Style {
  const enabled = coloursWanted(env, isTerminal);
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      enabled && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    enabled,
    bold: paint("bold"),
    dim: paint("gray"),
    good: paint("green"),
    warn: paint("yellow"),
    bad: paint("red"),
    accent: paint("cyan"),
    accent2: paint("blue"),
  };
}
