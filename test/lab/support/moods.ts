/** The ways in which a relay, or a proxy before it, can fail a request. */
import { setTimeout as delay } from "node:timers/promises";
import type { WholeAnswer } from "../../support/loopback.ts";
import { type Exchange, type Mood, withoutFraming } from "./relay-front.ts";

/** How an answer's length is told: truly, by the end of the connection, or wrongly by so many bytes. */
type Framing = "length" | "end" | { readonly offBy: number };

/** A full answer, framed as told. */
function write({ socket }: Exchange, answer: WholeAnswer, framing: Framing = "length"): void {
  socket.write(headOf(answer, framing));
  socket.write(answer.body);
  // A length that is too long keeps the client waiting; everything else ends here.
  if (typeof framing !== "object" || framing.offBy <= 0) socket.end();
}

function headOf({ status, headers, body }: WholeAnswer, framing: Framing): string {
  const length = typeof framing === "object" ? body.length + framing.offBy : body.length;
  const lines = Object.entries(withoutFraming(headers)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${Array.isArray(value) ? value.join(", ") : value}`],
  );
  const framed = framing === "end" ? [] : [`content-length: ${length}`];
  return `${[`HTTP/1.1 ${status} OK`, ...lines, ...framed, "connection: close"].join("\r\n")}\r\n\r\n`;
}

const made = (status: number, type: string, text: string): WholeAnswer => ({
  status,
  headers: { "content-type": type },
  body: Buffer.from(text),
});

/** Changes the real answer's bytes and frames the rest. */
const changed =
  (change: (body: Buffer) => Buffer, framing: Framing = "length"): Mood =>
  async (exchange) => {
    const answer = await exchange.real();
    write(exchange, { ...answer, body: change(answer.body) }, framing);
  };

export const moods = {
  /** Takes the request and says nothing. */
  blackHole: (): Mood => () => undefined,
  /** Closes the connection without a word. */
  hangUp:
    (): Mood =>
    ({ socket }) =>
      void socket.destroy(),
  /** Well, but so much later. */
  late:
    (milliseconds: number): Mood =>
    async (exchange) => {
      await delay(milliseconds);
      write(exchange, await exchange.real());
    },
  /** The right head, then a byte each so many milliseconds. */
  trickle:
    (everyMs: number): Mood =>
    async (exchange) => {
      const answer = await exchange.real();
      exchange.socket.write(headOf(answer, "length"));
      await drop(exchange, answer.body, everyMs);
    },
  /** The head itself comes a byte at a time. */
  trickleHead:
    (everyMs: number): Mood =>
    async (exchange) => {
      const answer = await exchange.real();
      await drop(exchange, Buffer.concat([Buffer.from(headOf(answer, "length")), answer.body]), everyMs);
    },
  /** Early hints without an end. */
  earlyHints:
    (everyMs: number): Mood =>
    async (exchange) => {
      const hint = Buffer.from("HTTP/1.1 103 Early Hints\r\nlink: </>; rel=preload\r\n\r\n");
      await every(exchange, everyMs, () => void exchange.socket.write(hint));
    },
  /** The first part of the answer, framed as if it were all of it. */
  cut: (part: number, framing: "length" | "end" = "length"): Mood =>
    changed((body) => body.subarray(0, Math.floor(body.length * part)), framing),
  /** As {@link moods.cut}, ending just behind a brace, as a whole answer does. */
  cutBehindBrace: (part: number): Mood =>
    changed((body) => body.subarray(0, body.lastIndexOf("}", Math.floor(body.length * part)) + 1)),
  /** A content-length that is wrong by so many bytes; negative: shorter than the body. */
  wrongLength: (offBy: number): Mood => changed((body) => body, { offBy }),
  /** More bytes behind the answer, counted in its length. */
  bytesAfter: (text: string): Mood => changed((body) => Buffer.concat([body, Buffer.from(text)])),
  /** Some other answer of something on the way. */
  other:
    (status: number, type: string, text: string): Mood =>
    (exchange) =>
      write(exchange, made(status, type, text)),
  /** A well-formed error of the relay. */
  refusal:
    (status: number, code: string, reason?: string): Mood =>
    (exchange) => {
      const details = reason === undefined ? {} : { details: { reason } };
      const error = { code, message: "The relay says no.", request_id: "lab", ...details };
      write(exchange, made(status, "application/json", JSON.stringify({ error })));
    },
} as const;

async function drop(exchange: Exchange, bytes: Buffer, everyMs: number): Promise<void> {
  let sent = 0;
  await every(exchange, everyMs, () => {
    if (sent >= bytes.length) exchange.socket.end();
    else exchange.socket.write(bytes.subarray(sent, ++sent));
  });
}

/** Until the client goes. */
async function every({ gone, socket }: Exchange, milliseconds: number, act: () => void): Promise<void> {
  const timer = setInterval(() => {
    if (!socket.destroyed && socket.writable) act();
  }, milliseconds);
  await gone;
  clearInterval(timer);
}
