import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goSort } from "../../../../daemon/gh/go/sort.ts";

/** Number of items, of different keys, and the seed; then the order. */
// biome-ignore format: recorded
const goldenOrders: readonly (readonly [string, string])[] = [
  ["60,5,7", "42 55 2 59 4 26 11 29 56 20 1 36 17 15 14 49 10 16 24 6 9 0 7 5 31 37 23 3 58 8 54 53 50 18 39 35 41 47 27 12 40 25 33 21 44 45 46 52 48 51 32 13 19 43 30 34 22 57 28 38"],
  ["200,3,11", "67 198 197 194 192 191 185 7 179 177 10 11 175 170 167 159 157 156 155 149 147 144 143 142 24 139 137 136 132 131 30 127 126 121 120 119 36 115 38 112 108 104 42 103 44 101 46 47 48 100 50 98 97 95 94 55 91 85 83 81 77 74 68 63 64 49 33 65 193 5 190 188 72 73 187 75 6 184 183 182 80 180 8 178 176 57 86 174 88 89 173 56 92 93 172 53 96 13 51 66 166 165 164 163 158 16 106 151 19 146 110 141 39 138 114 134 116 133 129 128 34 99 160 123 124 125 32 31 35 118 130 29 28 117 37 135 27 26 113 25 140 111 23 22 21 145 109 20 148 40 150 107 152 153 154 18 17 105 41 15 122 161 162 43 102 45 0 14 168 169 52 171 54 90 87 12 84 9 58 82 59 181 79 78 60 76 186 61 71 189 70 69 4 62 3 195 196 2 1 199"],
  ["13,2,3", "0 1 2 3 4 5 6 7 8 9 10 11 12"],
  ["120,40,5", "29 117 115 3 112 110 108 86 82 76 75 73 70 68 62 15 59 54 49 46 43 21 38 30 61 52 119 27 28 118 23 31 1 116 34 35 103 102 101 99 40 97 96 95 94 93 19 77 71 64 14 17 18 8 24 32 114 113 109 16 107 104 36 98 41 44 66 67 13 69 45 48 72 11 91 10 90 89 88 87 53 85 7 5 51 81 80 79 78 47 33 74 92 12 2 20 56 57 63 4 100 83 105 111 39 37 106 60 6 58 22 26 25 50 42 65 9 55 84 0"],
 ];

/** Numbers that are the same in every run. */
function* numbers(seed: number) {
  for (let value = seed; ; ) {
    value = (value * 1103515245 + 12345) % 2147483648;
    yield value;
  }
}

describe("goSort", () => {
  test("sorts", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 300 }), (items) => {
        expect(goSort(items, (a, b) => a < b)).toEqual(items.toSorted((a, b) => a - b));
      }),
    );
  });

  test("leaves its input alone", () => {
    const items = Object.freeze([3, 1, 2]);
    expect(goSort(items, (a, b) => a < b)).toEqual([1, 2, 3]);
  });

  test("keeps equal items in order up to twelve, as Go's insertion sort does", () => {
    const items = Array.from({ length: 12 }, (_, index) => ({ key: index % 3, index }));
    const sorted = goSort(items, (a, b) => a.key < b.key);
    expect(sorted.map(({ index }) => index)).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  });

  /** Written by gh 2.46: the order in which it prints comments of which many were written in the same minute. */
  test.each(goldenOrders)("puts equal items where Go puts them: %s", (name, order) => {
    const [length = 0, keys = 1, seed = 0] = name.split(",").map(Number);
    const source = numbers(seed);
    const items = Array.from({ length }, (_, index) => ({ key: (source.next().value ?? 0) % keys, index }));
    const sorted = goSort(items, (a, b) => a.key < b.key);
    expect(sorted.map(({ index }) => index).join(" ")).toBe(order);
  });
});
