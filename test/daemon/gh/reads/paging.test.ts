import { describe, expect, test } from "vitest";
import { type ListOptions, type Page, type PageQuery, readPages } from "../../../../daemon/gh/reads/paging.ts";
import { NativeRequired } from "../../../../daemon/reader.ts";

type Numbered = Page<number>;

/** Serves the given pages one after the other and keeps the requests. */
function serve(pages: readonly Omit<Numbered, "next">[], options: ListOptions<number> = {}) {
  const asked: PageQuery[] = [];
  const result = readPages<number>([["state", "open"]], { identity: (item) => item, ...options }, async (query) => {
    asked.push(query);
    const index = asked.length - 1;
    return {
      ...(pages[index] ?? { items: [] }),
      next: index + 1 < pages.length ? [["page", String(index + 2)]] : undefined,
    };
  });
  return { asked, result };
}

describe("a list over several pages", () => {
  test("is followed by its links to the end", async () => {
    const { asked, result } = serve([{ items: [1, 2] }, { items: [3] }]);
    expect(await result).toEqual({ items: [1, 2, 3], complete: true, total: 3 });
    expect(asked).toEqual([
      [
        ["state", "open"],
        ["per_page", "100"],
      ],
      [["page", "2"]],
    ]);
  });

  test("goes on after a page with fewer items than it could hold, or none: that proves no end", async () => {
    const { asked, result } = serve([{ items: [1] }, { items: [] }, { items: [2, 3] }]);
    expect(await result).toEqual({ items: [1, 2, 3], complete: true, total: 3 });
    expect(asked).toHaveLength(3);
  });

  test("stops at its limit and says that there may be more", async () => {
    const { asked, result } = serve([{ items: [1, 2] }, { items: [3] }], { limit: 2 });
    expect(await result).toEqual({ items: [1, 2], complete: false });
    expect(asked).toHaveLength(1);
  });

  test("is complete when its limit is just its length", async () => {
    expect(await serve([{ items: [1, 2] }], { limit: 2 }).result).toEqual({ items: [1, 2], complete: true, total: 2 });
    expect(await serve([{ items: [1, 2] }], { limit: 1 }).result).toEqual({ items: [1], complete: false, total: 2 });
  });

  test("counts only accepted items", async () => {
    const { result } = serve([{ items: [1, 2] }, { items: [3, 4] }], { limit: 2, accept: (item) => item % 2 === 0 });
    expect(await result).toEqual({ items: [2, 4], complete: true, total: 2 });
  });

  test.each([
    ["an item comes twice", [{ items: [1, 2] }, { items: [2, 3] }]],
    [
      "totals differ from page to page",
      [
        { items: [1], total: 2 },
        { items: [2], total: 3 },
      ],
    ],
    [
      "items are missing from the total",
      [
        { items: [1], total: 3 },
        { items: [2], total: 3 },
      ],
    ],
  ])("is left to the real gh when %s", async (_name, pages) => {
    await expect(serve(pages).result).rejects.toThrow(NativeRequired);
  });

  test("is left to the real gh beyond the page bound", async () => {
    const pages = Array.from({ length: 13 }, (_, index) => ({ items: [index] }));
    const { asked, result } = serve(pages);
    await expect(result).rejects.toThrow(/12 pages/);
    expect(asked).toHaveLength(12);
  });
});
