/**
 * The sockets that listen to each repository. A socket's list is attached to the socket itself, so that it survives the
 * object's hibernation; the index over all sockets is built once after each waking.
 */
import * as z from "zod";
import type { Listener } from "./contract.ts";

const wishSchema = z.object({
  callerId: z.string(),
  owners: z.array(z.string()).nullable(),
  repos: z.array(z.string()),
});
export type AudienceWish = z.infer<typeof wishSchema>;

/** The bytes that the runtime keeps with a socket, with room for its own form. */
const mostAttached = 15_000;

export class Audience {
  readonly #sockets: () => readonly WebSocket[];
  #index: Map<string, Set<WebSocket>> | undefined;

  constructor(sockets: () => readonly WebSocket[]) {
    this.#sockets = sockets;
  }

  static wishOf(socket: WebSocket): AudienceWish | undefined {
    return wishSchema.safeParse(socket.deserializeAttachment()).data;
  }

  greet(socket: WebSocket, listener: Listener): void {
    socket.serializeAttachment({ ...listener, repos: [] });
  }

  /** @returns the repositories that were taken: as many as a socket can remember */
  listen(socket: WebSocket, wish: AudienceWish, repositories: readonly string[]): readonly string[] {
    let room = mostAttached - JSON.stringify(wish.owners).length - wish.callerId.length;
    const taken = repositories.filter((repository) => {
      room -= repository.length + 8;
      return room > 0;
    });
    this.leave(socket);
    socket.serializeAttachment({ ...wish, repos: taken });
    for (const repository of taken) add(this.#indexed(), repository, socket);
    return taken;
  }

  leave(socket: WebSocket): void {
    for (const repository of Audience.wishOf(socket)?.repos ?? []) {
      const sockets = this.#indexed().get(repository);
      sockets?.delete(socket);
      if (sockets?.size === 0) this.#indexed().delete(repository);
    }
  }

  of(repository: string): Iterable<WebSocket> {
    return this.#indexed().get(repository) ?? [];
  }

  #indexed(): Map<string, Set<WebSocket>> {
    if (this.#index) return this.#index;
    const index = new Map<string, Set<WebSocket>>();
    for (const socket of this.#sockets()) {
      for (const repository of Audience.wishOf(socket)?.repos ?? []) add(index, repository, socket);
    }
    this.#index = index;
    return index;
  }
}

function add(index: Map<string, Set<WebSocket>>, repository: string, socket: WebSocket): void {
  const sockets = index.get(repository) ?? new Set();
  index.set(repository, sockets.add(socket));
}
