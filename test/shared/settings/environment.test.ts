import { describe, expect, test } from "vitest";
import { sentEnvironment, wayEnvironment } from "../../../shared/protocol.ts";
import {
  checkEnvironment,
  environmentChoice,
  environmentFlag,
  environmentInteger,
} from "../../../shared/settings/environment.ts";
import { variables } from "../../../shared/settings/environment-table.ts";

describe("the environment table", () => {
  test("no secret is ever passed on to the daemon", () => {
    for (const row of variables) expect(row.kind === "secret" && row.sent, row.name).toBe(false);
  });

  test("clients pass on exactly the variables of the table", () => {
    const sent = variables.filter((row) => row.sent).map((row) => row.name);
    const ways = wayEnvironment.filter((name) => variables.some((row) => row.name === name));
    expect([...sentEnvironment, ...ways].sort()).toEqual(sent.sort());
  });

  test("every row has its purpose and the behaviour without it", () => {
    for (const row of variables) {
      expect(row.purpose, row.name).toMatch(/\.$/);
      expect(row.unset, row.name).toEqual(expect.any(String));
    }
  });

  test.each(["1", "true", "YES", " on "])("a switch is on for %j", (value) => {
    expect(environmentFlag({ OCTOPOOL_FRESH: value }, "OCTOPOOL_FRESH")).toBe(true);
  });

  test.each([undefined, "", "0", "false", "Off"])("a switch is off for %j", (value) => {
    expect(environmentFlag({ OCTOPOOL_FRESH: value }, "OCTOPOOL_FRESH")).toBe(false);
  });

  test("a switch that is neither names the variable and the way out", () => {
    expect(() => environmentFlag({ OCTOPOOL_FRESH: "maybe" }, "OCTOPOOL_FRESH")).toThrow(
      expect.objectContaining({ code: "environment_invalid", hint: "Correct or unset OCTOPOOL_FRESH." }),
    );
  });

  test.each([
    [undefined, undefined],
    ["", undefined],
    ["0", 0],
    ["10", 10],
  ])("a count %j reads as %j", (value, expected) => {
    expect(environmentInteger({ OCTOPOOL_RELAY_RETRIES: value }, "OCTOPOOL_RELAY_RETRIES")).toBe(expected);
  });

  test.each(["11", "-1", "1.5", "0x1", "ten"])("a count %j is refused with its bounds", (value) => {
    expect(() => environmentInteger({ OCTOPOOL_RELAY_RETRIES: value }, "OCTOPOOL_RELAY_RETRIES")).toThrow(
      "OCTOPOOL_RELAY_RETRIES must be a whole number from 0 to 10.",
    );
  });

  test("a choice outside its list is refused with the list", () => {
    expect(() => environmentChoice({ OCTOPOOL_CREDENTIAL_STORE: "disk" }, "OCTOPOOL_CREDENTIAL_STORE")).toThrow(
      "must be one of auto, keyring, file",
    );
  });

  test("all mistakes are found at once", () => {
    const found = checkEnvironment({
      OCTOPOOL_FRESH: "maybe",
      OCTOPOOL_URL: "not an address",
      OCTOPOOL_CREDENTIAL_STORE: "disk",
      OCTOPOOL_RELAY_RETRIES: "99",
      OCTOPOOL_POOL: "fine",
    });
    expect(found.map((error) => error.message.split(" ")[0]).sort()).toEqual([
      "OCTOPOOL_CREDENTIAL_STORE",
      "OCTOPOOL_FRESH",
      "OCTOPOOL_RELAY_RETRIES",
      "OCTOPOOL_URL",
    ]);
  });
});
