/** A WebSocket to the relay. Loaded with the first connection: an idle machine does without it. */
import type { Dispatcher } from "undici";
import { WebSocket } from "undici/lib/web/websocket/websocket.js";
import { eventsProtocol } from "../../shared/events/names.ts";

/** The messages of a connection, in both directions. */
export interface Socket {
  send(text: string): void;
  /** Ends it; no callback runs afterwards. */
  close(): void;
}

export interface SocketHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Called once, after any end but a close by this side. */
  readonly onEnd: () => void;
}

interface Way {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly token: string;
  /** Ends with the socket. */
  readonly dispatcher: Dispatcher;
}

export function openSocket({ url, token, dispatcher }: Way, { onOpen, onText, onEnd }: SocketHandlers): Socket {
  const socket = new WebSocket(url, {
    protocols: [eventsProtocol],
    headers: { authorization: `Bearer ${token}` },
    dispatcher,
  });
  let over = false;
  const finish = () => {
    over = true;
    dispatcher.destroy().catch(() => undefined);
  };
  const end = () => {
    if (over) return;
    finish();
    onEnd();
  };
  socket.addEventListener("open", () => {
    if (!over) onOpen();
  });
  socket.addEventListener("message", ({ data }) => {
    if (!over && typeof data === "string") onText(data);
  });
  socket.addEventListener("error", end);
  socket.addEventListener("close", end);
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      if (over) return;
      socket.close();
      finish();
    },
  };
}
