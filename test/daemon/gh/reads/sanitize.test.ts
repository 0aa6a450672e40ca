import { describe, expect, test } from "vitest";
import { sanitizeJson } from "../../../../daemon/gh/reads/sanitize.ts";

describe("control characters become caret notation, the text stays JSON", () => {
  test.each([
    ["nothing to do", '"a\\tb\\n\\u00e9"', '"a\\tb\\n\\u00e9"'],
    ["an escaped escape", '"\\u001b[31mred"', '"^[[31mred"'],
    ["upper-case digits", '"\\u001B"', '"^["'],
    ["a raw one", '"\u0001"', '"^A"'],
    ["C1", '"\\u009b\u0080"', '"^[^@"'],
    ["a file separator keeps its backslash escaped", '"\\u001c"', '"^\\\\"'],
    [
      "short escapes, tabs and line ends stay",
      '"\\b\\f\\u0009\\u000a\\u000b\\u000d"',
      '"\\b\\f\\u0009\\u000a\\u000b\\u000d"',
    ],
    ["other code points stay", '"\\u0020\\u00a0\\u2028"', '"\\u0020\\u00a0\\u2028"'],
  ])("%s", (_name, text, sanitized) => {
    expect(sanitizeJson(text)).toBe(sanitized);
  });

  test("after a lone backslash the replacement does not become an escape", () => {
    const text = '"\\\\u001b"';
    // gh counts the second backslash as the beginning of an escape and keeps the text valid.
    expect(JSON.parse(sanitizeJson(text))).toBe("\\^[");
  });
});
