/** Writes the suite's worlds: `node test/differential/make/main.ts`. The same bytes every time. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { worldFiles } from "./index.ts";

for (const [name, world] of Object.entries(worldFiles)) {
  const file = fileURLToPath(new URL(`../worlds/${name}.json`, import.meta.url));
  await writeFile(file, `${JSON.stringify(world, null, 1)}\n`);
}
