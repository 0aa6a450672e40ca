/** `octopool request`: one read, the relay's envelope as it came. */
import { relayRequestPath } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { type Context, connectionFlags, type Input } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { withProgress } from "../output/progress.ts";
import { send } from "../relay/client.ts";
import { relayFailure } from "../relay/refusal.ts";

export async function request({ io, input }: Context): Promise<undefined> {
  const connection = await requireConnection(io, connectionFlags(input));
  const body = { pool: connection.pool, ...readOf(input) };
  const { response, text } = await withProgress(io, `Asking ${connection.server}`, () =>
    send(io, { ...connection, path: relayRequestPath, method: "POST", body }),
  );
  if (!response.ok) throw relayFailure(connection.server, response, text);
  await io.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** The request's own part of the body. A query key that is given twice becomes a list. */
export function readOf(input: Input) {
  const query: Record<string, string | string[]> = {};
  for (const [key, value] of input.list("query").map((pair) => split("--query", pair))) {
    const earlier = query[key];
    query[key] = earlier === undefined ? value : [earlier, value].flat();
  }
  return {
    method: (input.text("method") ?? "GET").toUpperCase(),
    path: input.text("path") ?? "",
    query,
    headers: Object.fromEntries(input.list("header").map((pair) => split("--header", pair))),
  };
}

function split(option: string, pair: string): readonly [string, string] {
  const position = pair.indexOf("=");
  if (position < 1)
    throw new OctopoolError("usage", `${option} ${pair} is not of the form key=value.`, {
      hint: `Write ${option} key=value.`,
    });
  return [pair.slice(0, position), pair.slice(position + 1)];
}
