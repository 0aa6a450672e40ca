import { type WorldFile, worldSchema } from "./schema.ts";

/**
 * Puts worlds together: their lists one after the other; of single values the last counts.
 * @throws ZodError when one of them does not follow the schema.
 */
export function mergeWorlds(files: unknown[]): WorldFile {
  const worlds = files.map((file) => worldSchema.parse(file));
  const last = worlds.at(-1);
  return {
    ...(last ? { now: last.now, limits: last.limits } : {}),
    users: worlds.flatMap((each) => each.users),
    organizations: worlds.flatMap((each) => each.organizations),
    tokens: worlds.flatMap((each) => each.tokens),
    apps: worlds.flatMap((each) => each.apps),
    oauth_apps: worlds.flatMap((each) => each.oauth_apps),
    repositories: worlds.flatMap((each) => each.repositories),
    gists: worlds.flatMap((each) => each.gists),
  };
}
