/** The gh command in a command line of Octopool: `octopool explain gh pr view 7`. */
import { OctopoolError } from "../shared/errors.ts";
import { humanText } from "./output/text.ts";

/**
 * The words after `gh`, which may be left out.
 * @throws OctopoolError `usage` where there is none, or its words are one
 */
export function ghArguments(command: "explain" | "prove", rest: readonly string[]): readonly string[] {
  if (rest.length === 0)
    throw new OctopoolError("usage", "Which command?", {
      hint: `For example: octopool ${command} gh pr view 7 -R cli/cli`,
    });
  const args = rest[0] === "gh" ? rest.slice(1) : rest;
  if (args[0]?.includes(" ") === true)
    throw new OctopoolError("usage", "The command is one quoted word.", {
      hint: `Write its words apart: octopool ${command} gh ${humanText(args[0].replace(/^\s*gh\s+/, "").trim())}`,
    });
  return args;
}
