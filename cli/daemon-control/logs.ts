/** `octopool daemon logs [-f]`. */

import { once } from "node:events";
import { createReadStream, statSync, watch } from "node:fs";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import type { CommandContext } from "../command.ts";

export async function logs({ io, input }: CommandContext): Promise<number> {
  const uid = process.getuid?.() ?? 0;
  const { directory } = runtimePaths({ env: io.env, platform: process.platform, uid });
  const path = `${directory}/daemon.log`;
  let position = 0;
  const showNew = async () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    // The log was rotated, and a new file begins.
    if (size < position) position = 0;
    for await (const chunk of createReadStream(path, { start: position, end: Math.max(position, size) })) {
      position += chunk.length;
      await io.stdout.stream(chunk);
    }
  };
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    await io.stderr.write(`There is no log at ${path}: no daemon has run since this machine started.\n`);
    return 1;
  }
  if (!input.flag("follow")) {
    await showNew();
    return 0;
  }
  // Watched before it is first read, so that no line is missed between the two.
  const watcher = watch(directory);
  const closed = once(watcher, "close");
  io.signal.addEventListener("abort", () => watcher.close(), { once: true });
  let showing = showNew();
  watcher.on("change", (_event, name) => {
    if (name === "daemon.log") showing = showing.then(showNew).catch(() => watcher.close());
  });
  try {
    await showing;
    if (!io.signal.aborted) await closed;
  } finally {
    // A watcher would keep this process alive when its reader has gone.
    watcher.close();
  }
  return 0;
}
