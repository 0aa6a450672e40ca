import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeWorlds } from "./merge.ts";
import type { WorldFile } from "./schema.ts";

/** The demo world's file. */
export const demoPath = fileURLToPath(new URL("../worlds/demo.json", import.meta.url));

/**
 * Reads a world file, or the `.json` files of a directory put together in the order of their names.
 * @throws when a file cannot be read, is not JSON or does not follow the schema.
 */
export function loadWorld(path: string): WorldFile {
  return mergeWorlds(worldFiles(path).map((file) => JSON.parse(readFileSync(file, "utf8"))));
}

function worldFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new Error(`${path} holds no .json file`);
  return names.sort().map((name) => join(path, name));
}
