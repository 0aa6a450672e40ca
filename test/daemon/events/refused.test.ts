/** A proxy that lets no WebSocket through: real sockets. Nothing is said of it aloud; the status tells. */
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { Channel } from "../../../daemon/events/channel.ts";
import { openSocket } from "../../../daemon/events/open-socket.ts";
import { HeardMarks } from "../../../daemon/freshness/heard.ts";
import { dispatcherFor } from "../../../daemon/relay/transport.ts";
import { urlOf } from "../../support/loopback.ts";

let close = (): void => undefined;
afterEach(() => close());

test("a proxy that refuses counts as the way's own refusal after four tries, and is tried rarely from then on", async () => {
  let refused = 0;
  const tried = Promise.withResolvers<void>();
  const refuse = (_request: unknown, socket: Duplex) => {
    refused += 1;
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  };
  const proxy = createServer().on("connect", refuse).on("upgrade", refuse);
  const address = await urlOf(proxy);
  const env = { HTTP_PROXY: address, http_proxy: address };
  const server = "http://relay.invalid";
  const ways: string[] = [];
  const channel: Channel = new Channel({
    login: "0",
    heard: new HeardMarks(),
    now: Date.now,
    random: () => 1,
    times: { firstRetry: 1, longestRetry: 1 },
    open: async ({ onEnd, ...handlers }) => {
      const dispatcher = await dispatcherFor(server, { env }, 1);
      const ended = () => {
        onEnd();
        ways.push(channel.way);
        if (ways.length === 4) tried.resolve();
      };
      return openSocket(
        { url: "ws://relay.invalid/v1/events", token: "op_test", dispatcher },
        { ...handlers, onEnd: ended },
      );
    },
  });
  close = () => {
    channel.close();
    proxy.close();
  };
  channel.want("acme/widgets");
  expect(channel.way).toBe("connecting");
  await tried.promise;
  expect(ways).toEqual(["connecting", "connecting", "connecting", "refused"]);
  expect(refused).toBe(4);
  expect(channel.hears("acme/widgets", ["pulls"])).toBe(false);
});
