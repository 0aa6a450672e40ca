/**
 * A login's channel to its relay, over the same way as its reads. Loaded together with the modules that need a relay.
 */
import { eventsPath } from "../../shared/events/names.ts";
import type { KnownConnection } from "../connections.ts";
import type { HeardMarks } from "../freshness/heard.ts";
import { dispatcherFor } from "../relay/transport.ts";
import { Channel } from "./channel.ts";

interface Beginning {
  readonly heard: HeardMarks;
  readonly now: () => number;
  /** Identifies the caller's way to the relay. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function beginChannel({ id, connection }: KnownConnection, { heard, now, env }: Beginning): Channel {
  const { server, pool, token } = connection;
  const url = new URL(`${eventsPath}?pool=${encodeURIComponent(pool)}`, server);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return new Channel({
    login: id,
    heard,
    now,
    random: Math.random,
    open: async (handlers) => {
      const { openSocket } = await import("./open-socket.ts");
      return openSocket({ url: url.href, token, dispatcher: await dispatcherFor(server, { env }, 1) }, handlers);
    },
  });
}
