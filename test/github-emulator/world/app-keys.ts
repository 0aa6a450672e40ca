import type { World } from "./model.ts";

/**
 * Gives Apps their public keys, by slug or id.
 * @throws when the world has no such App.
 */
export function setAppKeys(world: World, keys: Record<string, string>): void {
  for (const [slug, pem] of Object.entries(keys)) {
    const app = world.apps.find((each) => each.slug === slug || String(each.id) === slug);
    if (!app)
      throw new Error(
        `the world has no App ${slug}; it has: ${world.apps.map((each) => each.slug).join(", ") || "none"}`,
      );
    app.public_key = pem;
  }
}
