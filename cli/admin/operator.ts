/** An operator's requests: the relay, the pool, the operator's token, and the connection. */
import type * as z from "zod";
import { adminPrefix } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { resolveTarget } from "../../shared/settings/connection.ts";
import { environmentText } from "../../shared/settings/environment.ts";
import { settingsPath } from "../../shared/settings/paths.ts";
import { readSaved } from "../../shared/settings/saved.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../output/progress.ts";
import { type RelayCall, request } from "../relay/client.ts";
import { askSecret } from "./ask-secret.ts";

export interface AdminSession {
  readonly server: string;
  readonly pool: string;
  /** `path` begins below `/v1/admin`. */
  ask<Schema extends z.ZodType>(
    call: Pick<RelayCall, "method" | "body" | "path">,
    schema: Schema,
  ): Promise<z.infer<Schema>>;
}

/** @throws OctopoolError `missing_auth` when there is no operator token and no terminal to ask at. */
export async function openSession({ io, input }: CommandContext): Promise<AdminSession> {
  const { server, pool } = resolveTarget(
    { env: io.env, flags: connectionFlags(input) },
    readSaved(settingsPath(io.env)),
  );
  const token = await operatorToken(io, server);
  return {
    server,
    pool,
    ask: (call, schema) =>
      withProgress(io, `Asking ${server}`, () =>
        request(io, { ...call, server, token, path: `${adminPrefix}${call.path}` }, schema),
      ),
  };
}

/** From the environment or typed unseen; never an argument, which every process on the machine can read. */
async function operatorToken(io: Io, server: string): Promise<string> {
  const token = environmentText(io.env, "OCTOPOOL_ADMIN_TOKEN");
  if (token !== undefined) return token;
  const typed = io.stdinIsTerminal && io.stderr.isTerminal ? await askSecret(io, `Operator token of ${server}: `) : "";
  if (typed !== "") return typed;
  throw new OctopoolError("missing_auth", "This command needs the operator's token.", {
    hint: "Set OCTOPOOL_ADMIN_TOKEN to the relay's secret of that name, or run it on a terminal and type it.",
  });
}
