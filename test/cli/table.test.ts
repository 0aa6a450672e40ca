import { expect, test } from "vitest";
import { alignRows } from "../../cli/output/table.ts";

test("columns line up below wide characters, emoji, combining marks and colours", () => {
  const rows = [
    ["日本語", "|"],
    ["👩‍💻 dev", "|"],
    ["e\u0301", "|"],
    ["\u001b[32mgreen\u001b[39m", "|"],
    ["abcdef", "|"],
  ];
  const columns = ["日本語".length * 2, 6, 1, 5, 6];
  const widest = Math.max(...columns);
  expect(alignRows(rows)).toEqual(
    rows.map(([text = ""], index) => `${text}${" ".repeat(widest - (columns[index] ?? 0))}  |`),
  );
});
