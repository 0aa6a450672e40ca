/** `DELETE /v1/session`: the calling token ends. */

import { eq } from "drizzle-orm";
import { bearerToken } from "../../shared/bearer.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { auditRow } from "../audit/row.ts";
import { audit } from "../audit/write.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { callerTokens } from "../db/schema.ts";
import { rememberedCallers } from "./remembered.ts";
import { sha256Hex } from "./tokens.ts";

/** @throws OctopoolError missing_auth, invalid_auth */
export async function endSession(context: RelayContext, authorization: string | undefined): Promise<void> {
  const { deps, env, background, requestId } = context;
  const token = bearerToken(authorization);
  if (!token) throw new OctopoolError("missing_auth", "There is no token to end.");
  const hash = await sha256Hex(token);
  const [gone] = await database(env).delete(callerTokens).where(eq(callerTokens.hash, hash)).returning();
  if (!gone) throw new OctopoolError("invalid_auth", "The token is unknown here.");
  rememberedCallers(deps.memory).clear();
  const { callerId, clientName } = gone;
  audit(deps, env, background, { ...auditRow(deps.clock(), "session.end", requestId), callerId, clientName });
}
