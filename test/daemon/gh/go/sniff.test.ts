import { expect, test } from "vitest";
import { isBinary } from "../../../../daemon/gh/go/sniff.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["plain text, escapes and all", "a\x1b[1m", false],
  ["a bell", "\x07\x1b[1m", true],
  ["a bell in the last byte that Go looks at", `${"a".repeat(511)}\x07`, true],
  ["a bell behind it", `${"a".repeat(512)}\x07`, false],
  ["a form feed, a delete, a byte that is not ASCII", "\x0c\x7f\xff", false],
  ["a byte order mark, before any text", "\xef\xbb\xbf\x07", false],
  ["a picture", "\x89PNG\r\n\x1a\n", undefined],
  ["an archive", "PK\x03\x04", undefined],
  ["markup behind blanks", "\n <html>\x07", undefined],
])("%s", (_what, text, told) => {
  expect(isBinary(bytes(text))).toBe(told);
});
