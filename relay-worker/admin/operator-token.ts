/** The operator's token. */

import { bearerToken } from "../../shared/bearer.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { equalSecrets } from "../auth/tokens.ts";
import { type Env, settingsOf } from "../env.ts";

/** @throws OctopoolError admin_unconfigured, missing_auth, invalid_admin_auth */
export async function requireAdmin(env: Env, authorization: string | undefined): Promise<void> {
  const { adminToken } = settingsOf(env);
  if (!adminToken) {
    throw new OctopoolError("admin_unconfigured", "This relay has no operator's token.", {
      hint: "Set the secret OCTOPOOL_ADMIN_TOKEN.",
    });
  }
  const token = bearerToken(authorization);
  if (!token) throw new OctopoolError("missing_auth", "The operator's API needs the operator's token.");
  if (!(await equalSecrets(token, adminToken))) {
    throw new OctopoolError("invalid_admin_auth", "The operator's token is wrong.");
  }
}
