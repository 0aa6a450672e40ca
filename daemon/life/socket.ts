/** Listening on the socket, as its only owner. The caller holds the lock, so an existing socket is stale. */
import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { dirname, join } from "node:path";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";

/** A listening socket's file, as it was when this daemon made it. */
export interface OwnedSocket {
  /** Whether the file is still the one that we made. */
  isOurs(): boolean;
  /** Removes it, unless another daemon has replaced it. */
  remove(): void;
}

/**
 * Listens under a name of this process and then moves it into place: there is never a moment without a socket, and the
 * system library, which removes the name that it was given when the server closes, never removes a successor's.
 * @throws OctopoolError `socket_unsafe`, or the system's error.
 */
export async function listen(server: Server, path: string, owner: { uid: number; pid: number }): Promise<OwnedSocket> {
  ensureSafeDirectory(dirname(path), owner.uid);
  const draft = join(dirname(path), `l${owner.pid}`);
  rmSync(draft, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: draft, backlog: 1024 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  return ownedSocket(path);
}

function ownedSocket(path: string): OwnedSocket {
  const identity = identityOf(path);
  const isOurs = () => identity !== undefined && identityOf(path) === identity;
  return {
    isOurs,
    remove: () => {
      if (!isOurs()) return;
      try {
        rmSync(path, { force: true });
      } catch {
        // Its directory can no longer be changed: a socket that is left behind is stale, and is replaced.
      }
    },
  };
}

/** Undefined where it is gone, and where it may not be read: no client can connect there then either. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch {
    return undefined;
  }
}
