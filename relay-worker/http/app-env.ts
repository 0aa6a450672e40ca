/** The context of hono's handlers. */

import type { RelayContext } from "../context.ts";
import type { Env } from "../env.ts";

export interface AppEnv {
  readonly Bindings: Env;
  readonly Variables: { readonly relay: RelayContext };
}
