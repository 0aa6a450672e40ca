import { expect, test } from "vitest";
import * as z from "zod";
import { listOf, parseBody } from "../../../../daemon/gh/reads/parsed.ts";
import { NativeRequired, type ReadAnswer } from "../../../../daemon/reader.ts";

const item = z.object({ number: z.number() });

function answerOf(body: Uint8Array): ReadAnswer {
  return { status: 200, headers: {}, body, answeredBy: "github", stale: false, createdAt: 0, own: true };
}

const long = new TextEncoder().encode(JSON.stringify([{ number: 7, text: "x".repeat(20_000) }]));

test("the same long body is parsed once for the same list", () => {
  const [first, second] = [1, 2].map(() => parseBody(answerOf(long), "/list", listOf(item)));
  expect(first).toEqual([{ number: 7 }]);
  expect(second).toBe(first);
});

test("another schema sees its own part of the same body, and then the first one its own again", () => {
  const other = z.object({ text: z.string() });
  expect(parseBody(answerOf(long), "/list", listOf(item))).toEqual([{ number: 7 }]);
  expect(parseBody(answerOf(long), "/list", listOf(other))).toEqual([{ text: "x".repeat(20_000) }]);
  expect(parseBody(answerOf(long), "/list", listOf(item))).toEqual([{ number: 7 }]);
});

test("other bytes are parsed, though they say the same", () => {
  const first = parseBody(answerOf(long), "/list", listOf(item));
  const second = parseBody(answerOf(long.slice()), "/list", listOf(item));
  expect(second).toEqual(first);
  expect(second).not.toBe(first);
});

test("a body that fits no schema is native each time", () => {
  const strange = z.object({ number: z.string() });
  for (const _ of [1, 2]) expect(() => parseBody(answerOf(long), "/list", listOf(strange))).toThrow(NativeRequired);
});
