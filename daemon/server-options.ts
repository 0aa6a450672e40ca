/** The parts of the daemon that the routes of the socket need. */
import type { Presence } from "./life/presence.ts";
import type { DaemonWorld } from "./world.ts";

export interface ServerOptions {
  readonly world: DaemonWorld;
  readonly presence: Presence;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** A client asked the daemon to leave. */
  readonly onShutdown: () => void;
  /** Whether it is leaving already. */
  readonly isLeaving: () => boolean;
}
