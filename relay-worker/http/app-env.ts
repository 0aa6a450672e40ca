/** What hono's handlers find in their context. */
import type { Env } from "../env.ts";
import type { RelayContext } from "../relay/context.ts";

export interface AppEnv {
  readonly Bindings: Env;
  readonly Variables: { readonly relay: RelayContext };
}
