/** `octopool request`: one read, the relay's envelope as it came. */
import { relayRequestPath } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { type CommandContext, type CommandInput, connectionFlags } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { send } from "../relay/client.ts";
import { relayFailure } from "../relay/refusal.ts";

export async function request({ io, input }: CommandContext): Promise<undefined> {
  const read = readOf(input);
  const connection = await requireConnection(io, connectionFlags(input));
  const body = { pool: connection.pool, ...read };
  const { response, text } = await withProgress(io, `Asking ${connection.server}`, () =>
    send(io, { ...connection, path: relayRequestPath, method: "POST", body }),
  );
  if (!response.ok) throw relayFailure(connection.server, response, text);
  if (io.stdout.jq !== undefined) await printJson(io.stdout, parseJson(text));
  else await io.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** The request's own part of the body. A query key that is given twice becomes a list. */
function readOf(input: CommandInput) {
  const [path = "", ...search] = pathOf(input).split("?");
  const query: Record<string, string | string[]> = {};
  const given = [
    ...new URLSearchParams(search.join("?")),
    ...input.list("query").map((pair) => split("--query", pair)),
  ];
  for (const [key, value] of given) {
    const earlier = query[key];
    query[key] = earlier === undefined ? value : [earlier, value].flat();
  }
  return {
    method: (input.text("method") ?? "GET").toUpperCase(),
    path,
    query,
    headers: Object.fromEntries(input.list("header").map((pair) => split("--header", pair))),
  };
}

/** As `gh api` takes it: with or without a slash in front, or a whole address of api.github.com. */
function pathOf(input: CommandInput): string {
  const text = (input.argument(0) ?? input.text("path") ?? "").replace(/^https:\/\/api\.github\.com(?=\/)/, "");
  if (text === "")
    throw new OctopoolError("usage", "Which path?", { hint: "For example: octopool request repos/cli/cli/pulls/1" });
  return text.startsWith("/") ? text : `/${text}`;
}

function split(option: string, pair: string): readonly [string, string] {
  const position = pair.indexOf("=");
  if (position < 1)
    throw new OctopoolError("usage", `${option} ${pair} is not of the form key=value.`, {
      hint: `Write ${option} key=value.`,
    });
  return [pair.slice(0, position), pair.slice(position + 1)];
}
