/** Writes the suite's worlds: `node test/differential/make/main.ts`. The same bytes every time. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ownWorlds, worldFiles } from "./index.ts";

const write = async (directory: string, worlds: typeof worldFiles) => {
  for (const [name, world] of Object.entries(worlds)) {
    const file = fileURLToPath(new URL(`../${directory}/${name}.json`, import.meta.url));
    await writeFile(file, `${JSON.stringify(world, null, 1)}\n`);
  }
};

await write("worlds", worldFiles);
await write("own", ownWorlds);
