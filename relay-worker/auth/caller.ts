/** Identifies the caller by the token's row in D1, and checks that they may still use the relay. */

import { OctopoolError } from "../../shared/errors.ts";
import type { AuditRow } from "../audit/row.ts";
import { auditBatch } from "../audit/write.ts";
import type { RelayContext } from "../context.ts";
import { settingsOf } from "../env.ts";
import type { CallerAuth } from "./caller-auth.ts";
import { isUnlisted, verifyAgain } from "./membership.ts";

/** The last use of a token is written no more often than this. */
const touchEveryMs = 5 * 60_000;

/**
 * @param row gets the caller, also when the call is then refused
 * @throws OctopoolError invalid_auth, org_member_denied, org_verification_failed
 */
export async function requireMember(
  context: RelayContext,
  caller: CallerAuth | undefined,
  row?: AuditRow,
): Promise<CallerAuth> {
  if (!caller) throw new OctopoolError("invalid_auth", "The token is unknown here, or its pool was not granted.");
  if (row) {
    row.callerId = caller.callerId;
    row.clientName = caller.clientName;
  }
  const { deps, env } = context;
  const now = deps.clock();
  if (now - caller.lastUsedAt >= touchEveryMs) auditBatch(deps.memory).usedTokens.set(caller.tokenId, now);
  const settings = settingsOf(env);
  if (now - caller.verifiedAt >= settings.orgVerifyMs || isUnlisted(settings, caller))
    await verifyAgain(context, caller);
  return caller;
}
