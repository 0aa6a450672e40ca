/** `octopool whoami`: this machine's relay and login, and whether the relay accepts its token. */
import { OctopoolError } from "../../shared/errors.ts";
import { environmentText } from "../../shared/settings/environment.ts";
import { settingsPath } from "../../shared/settings/paths.ts";
import { readSaved } from "../../shared/settings/saved.ts";
import { poolHealthPath, poolHealthSchema } from "../../shared/stats.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import { requireConnection } from "../connection.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { humanText } from "../output/text.ts";
import { request } from "../relay/client.ts";

export async function whoami({ io, input }: CommandContext): Promise<number> {
  const { env, stdout } = io;
  const connection = await requireConnection(io, connectionFlags(input));
  const saved = readSaved(settingsPath(env));
  const fromEnvironment = environmentText(env, "OCTOPOOL_TOKEN") !== undefined;
  const login = fromEnvironment ? undefined : saved?.login;
  const problem = await withProgress(io, `Asking ${connection.server}`, () =>
    request(
      io,
      { server: connection.server, path: poolHealthPath(connection.pool), token: connection.token },
      poolHealthSchema,
    ).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  if (problem !== undefined && !(problem instanceof OctopoolError)) throw problem;
  const where = fromEnvironment ? "environment" : (saved?.store ?? "file");
  if (input.flag("json")) {
    await printJson(stdout, {
      server: connection.server,
      login: login ?? null,
      pool: connection.pool,
      client: connection.clientName,
      token: where,
      accepted: problem === undefined,
      error: problem?.code ?? null,
    });
    return problem?.exitCode ?? 0;
  }
  const { style } = stdout;
  const account = login === undefined ? "the owner of OCTOPOOL_TOKEN" : humanText(login);
  await stdout.write(
    `${style.bold(account)} on ${style.bold(connection.server)}\n` +
      `  pool          ${humanText(connection.pool)}\n` +
      `  this machine  ${humanText(connection.clientName)}\n` +
      `  token         ${{ environment: "OCTOPOOL_TOKEN", keyring: "system keyring", file: "private file" }[where]}` +
      `${problem === undefined ? `, ${style.good("accepted by the relay")}` : ""}\n`,
  );
  if (problem !== undefined) throw problem;
  return 0;
}
