/** Listening on the socket, as its only owner. The caller holds the lock, so what is there already is stale. */
import { chmodSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { dirname } from "node:path";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";

/** A listening socket's file, as it was when it was ours. */
export interface OwnedSocket {
  /** Whether the file is still the one that we made. */
  isOurs(): boolean;
  /** Removes it, unless it is somebody else's by now. */
  remove(): void;
}

/**
 * @throws OctopoolError `socket_unsafe`, or the system's error.
 */
export async function listen(server: Server, path: string, uid: number): Promise<OwnedSocket> {
  ensureSafeDirectory(dirname(path), uid);
  rmSync(path, { force: true });
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path, backlog: 1024 }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  return ownedSocket(path);
}

function ownedSocket(path: string): OwnedSocket {
  const identity = identityOf(path);
  const isOurs = () => identity !== undefined && identityOf(path) === identity;
  return {
    isOurs,
    remove: () => {
      if (isOurs()) rmSync(path, { force: true });
    },
  };
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}
