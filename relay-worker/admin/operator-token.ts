/** The operator's token. */

import { bearerToken } from "../../shared/bearer.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { deniedAction } from "../audit/list.ts";
import { auditRow } from "../audit/row.ts";
import { audit } from "../audit/write.ts";
import { countGuess, guesserName, refuseGuesser } from "../auth/attempts.ts";
import { equalSecrets } from "../auth/tokens.ts";
import type { RelayContext } from "../context.ts";
import { settingsOf } from "../env.ts";

/**
 * A wrong token is counted for the address that sent it, and written into the trail.
 * @throws OctopoolError admin_unconfigured, missing_auth, invalid_admin_auth, admin_rate_limited
 */
export async function requireAdmin(
  context: RelayContext,
  authorization: string | undefined,
  address: string,
): Promise<void> {
  const { adminToken } = settingsOf(context.env);
  if (!adminToken) {
    throw new OctopoolError("admin_unconfigured", "This relay has no operator's token.", {
      hint: "Set the secret OCTOPOOL_ADMIN_TOKEN.",
    });
  }
  const token = bearerToken(authorization);
  if (!token) throw new OctopoolError("missing_auth", "The operator's API needs the operator's token.");
  // Before the comparison: an address over its limit must not learn that a guess was right.
  await refuseGuesser(context, address);
  if (await equalSecrets(token, adminToken)) return;
  await countGuess(context, address);
  const { deps, env, background, requestId } = context;
  const denied = new OctopoolError("invalid_admin_auth", "The operator's token is wrong.");
  const row = auditRow(deps.clock(), deniedAction, requestId);
  audit(deps, env, background, {
    ...row,
    target: await guesserName(address),
    status: denied.httpStatus,
    errorCode: denied.code,
  });
  throw denied;
}
