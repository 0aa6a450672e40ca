/** Style and script of the pages, under names that change with their content, so that browsers can cache them. */
import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { type AssetName, assets } from "./bundled.ts";

export function assetPath(name: AssetName): string {
  return `/assets/${assets[name].tag}/${name}`;
}

const served = new Map(Object.entries(assets).map(([name, asset]) => [`/assets/${asset.tag}/${name}`, asset]));

export const assetRoutes = new Hono<AppEnv>();

assetRoutes.get("/assets/:tag/:name", (c) => {
  const asset = served.get(new URL(c.req.url).pathname);
  if (!asset) return c.notFound();
  return c.body(asset.body, 200, {
    "content-type": asset.type,
    "cache-control": "public, max-age=31536000, immutable",
  });
});
