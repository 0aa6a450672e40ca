import { type Viewer as Caller, permissionOn } from "../auth.ts";
import type { World } from "../world/model.ts";
import type { GraphqlViewer } from "./context.ts";

/** The viewer, as queries see them. */
export function viewerOf(world: World, caller: Caller, now: number): GraphqlViewer {
  return {
    world,
    scopes: caller.kind === "user" && caller.token.kind !== "fine_grained" ? caller.token.scopes : null,
    account: caller.kind === "user" ? caller.account : null,
    permission: (repository) => permissionOn(world, caller, repository),
    mayRead: (repository) => permissionOn(world, caller, repository) !== null,
    now,
  };
}
