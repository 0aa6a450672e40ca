/** Listening on the socket, as its only owner. The caller holds the lock, so what is there already is stale. */
import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { dirname, join } from "node:path";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";

/** A listening socket's file, as it was when it was ours. */
export interface OwnedSocket {
  /** Whether the file is still the one that we made. */
  isOurs(): boolean;
  /** Removes it, unless it is somebody else's by now. */
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
      if (isOurs()) rmSync(path, { force: true });
    },
  };
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}
