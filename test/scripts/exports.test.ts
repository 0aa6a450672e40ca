import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportsForTests, exportsWithoutImporter, namesExportedTwice, parts } from "../../scripts/exports.ts";

const root = resolve(import.meta.dirname, "../..");

test("no type's name is exported twice", () => {
  expect(namesExportedTwice(root)).toEqual([]);
});

test("every export has an importer", () => {
  expect(exportsWithoutImporter(root)).toEqual([]);
});

test("every export that only tests import has a reason", () => {
  expect(exportsForTests(root)).toEqual({ unlisted: [], outdated: [] });
});

describe("the rules", () => {
  let tree: string;
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), "octopool-exports-"));
    for (const part of parts) mkdirSync(join(tree, part));
  });
  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };

  test.each(["type Cell = 1;", "interface Cell {}", "class Cell {}", "abstract class Cell {}", "enum Cell {}"])(
    "find a second export of a name: %s",
    (second) => {
      write("cli/table.ts", "export interface Cell {}\n");
      write("daemon/gh/table.ts", `export ${second}\n`);
      expect(namesExportedTwice(tree)).toEqual(["Cell: cli/table.ts, daemon/gh/table.ts"]);
    },
  );

  test("find it in scripts and in tests, too", () => {
    write("shared/cell.ts", "export interface Cell {}\n");
    write("scripts/part/cell.ts", "export class Cell {}\n");
    write("test/support/cell.ts", "export type Cell = 1;\n");
    expect(namesExportedTwice(tree)).toEqual(["Cell: shared/cell.ts, scripts/part/cell.ts, test/support/cell.ts"]);
  });

  test("let functions of one name be, and names that are not exported", () => {
    write("cli/table.ts", "export function cell() {}\ninterface Row {}\n");
    write("daemon/table.ts", "export function cell() {}\nexport interface Row {}\n");
    expect(namesExportedTwice(tree)).toEqual([]);
  });

  test.each(["function low() {}", "async function low() {}", "const low = 1;", "interface low {}", "type low = 1;"])(
    "find an export without an importer: %s",
    (declared) => {
      write("shared/low.ts", `export ${declared}\n`);
      write("cli/other.ts", 'import { high } from "../shared/low.ts";\n');
      expect(exportsWithoutImporter(tree)).toEqual(["shared/low.ts: low"]);
    },
  );

  test.each(["scripts/part/low.ts", "test/support/low.ts"])("hold scripts and tests to it, too: %s", (file) => {
    write(file, "export const low = 1;\n");
    expect(exportsWithoutImporter(tree)).toEqual([`${file}: low`]);
  });

  test.each([
    'const { high, higher: low } = await import("../shared/low.ts");\nlow();\n',
    'const top = (await import("../shared/low.ts")).high;\n',
    'let top: import("../shared/low.ts").High;\n',
    'import("../shared/low.ts").then(({ high }) => high);\n',
  ])("find an export that a late import does not take: %s", (source) => {
    write("shared/low.ts", "export const low = 1;\n");
    write("cli/other.ts", source);
    expect(exportsWithoutImporter(tree)).toEqual(["shared/low.ts: low"]);
  });

  describe("for an export and the table of those that only tests import", () => {
    const low = "shared/low.ts: low";
    const listed = { "a bound": { "shared/low.ts": "low" } };
    const takesLow = 'import { low } from "../shared/low.ts";\n';
    beforeEach(() => write("shared/low.ts", "export const low = 1;\n"));

    test.each([takesLow, 'import * as all from "../shared/low.ts";\n'])("find one without a reason: %s", (source) => {
      write("test/low.test.ts", source);
      expect(exportsForTests(tree, {})).toEqual({ unlisted: [low], outdated: [] });
      expect(exportsForTests(tree, listed)).toEqual({ unlisted: [], outdated: [] });
    });

    test("find a reason for one that something else imports, too", () => {
      write("test/low.test.ts", takesLow);
      for (const importer of ["cli/other.ts", "scripts/other.ts"]) {
        write(importer, takesLow);
        expect(exportsForTests(tree, {})).toEqual({ unlisted: [], outdated: [] });
        expect(exportsForTests(tree, listed)).toEqual({ unlisted: [], outdated: [low] });
        rmSync(join(tree, importer));
      }
    });

    test("find a reason for one that nothing imports, or that is no more", () => {
      const gone = { "a bound": { "shared/low.ts": "low", "shared/gone.ts": "gone" } };
      expect(exportsForTests(tree, gone).outdated).toEqual([low, "shared/gone.ts: gone"]);
    });

    test("find a second reason for one", () => {
      write("test/low.test.ts", takesLow);
      expect(exportsForTests(tree, { ...listed, "a figure": { "shared/low.ts": "low" } }).outdated).toEqual([low]);
    });

    test("ask no reason of the tests' own exports", () => {
      write("test/support/high.ts", "export const high = 1;\n");
      write("test/high.test.ts", 'import { high } from "./support/high.ts";\n');
      expect(exportsForTests(tree, {})).toEqual({ unlisted: [], outdated: [] });
    });
  });

  test.each([
    ["a named import", 'import { low } from "../shared/low.ts";\n'],
    ["a type's import", 'import type { low } from "../shared/low.ts";\n'],
    ["an import under another name", 'import { high, low as lower } from "../shared/low.ts";\n'],
    ["an import over several lines", 'import {\n  high,\n  type low,\n} from "../shared/low.ts";\n'],
    ["a re-export", 'export { low } from "../shared/low.ts";\n'],
    ["all names", 'import * as all from "../shared/low.ts";\n'],
    ["a late import", 'const { low } = await import("../shared/low.ts");\n'],
    ["a late import over several lines", 'const {\n  high,\n  low: lower,\n} = await import("../shared/low.ts");\n'],
    ["a member of a late import", '(await import("../shared/low.ts")).low();\n'],
    ["a type in place", 'let lower: import("../shared/low.ts").low;\n'],
    ["a module's type", 'let lower: typeof import("../shared/low.ts");\n'],
    ["a promise of a module", 'import("../shared/low.ts").then(({ low }) => low);\n'],
    ["a module that is handed on", 'const load = () => import("../shared/low.ts");\n(await load()).low();\n'],
    ["one of several modules", 'const [{ low }] = await Promise.all([import("../shared/low.ts")]);\n'],
  ])("count %s, in the tree and in its tests", (_kind, source) => {
    write("shared/low.ts", "export const low = 1;\n");
    for (const importer of ["cli/other.ts", "test/other.test.ts"]) {
      write(importer, source);
      expect(exportsWithoutImporter(tree)).toEqual([]);
      rmSync(join(tree, importer));
    }
  });
});
