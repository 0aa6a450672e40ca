import { describe, expect, test } from "vitest";
import { adminCallerSchema, createCallerSchema, nameSchema, upsertIdentitySchema } from "../../shared/admin.ts";
import { loginRequestSchema, loginResponseSchema } from "../../shared/discovery.ts";

const bad = ["a\nb", "a\u0000", "\u202Etxt.exe", "a\u200Bb", "a\u2028b", "\u001B[31mred", "\uD800", ""];
const good = ["laptop", "Mona’s Büro 2", "ноутбук", "机器"];

const caller = { pool: "p", github_login: "mona" };
const identity = { id: "i", kind: "pat", secret_ref: "S", scopes: [{ owner: "*" }] };
const schemas: [string, (name: string) => { success: boolean; error?: Error | undefined }][] = [
  ["a caller's name", (name) => createCallerSchema.safeParse({ ...caller, name })],
  ["a machine's name", (name) => loginRequestSchema.safeParse({ github_token: "t", client_name: name })],
  ["a pool at login", (name) => loginRequestSchema.safeParse({ github_token: "t", pool: name })],
  ["an identity's login", (login) => upsertIdentitySchema.safeParse({ ...identity, login })],
];

describe.each(schemas)("%s", (_what, parse) => {
  test.each(bad)("is not %j", (name) => {
    expect(parse(name).success).toBe(false);
  });

  test.each(good)("may be %j", (name) => {
    expect(parse(name).success).toBe(true);
  });
});

test.each(bad)("neither is a pool's or an identity's name %j", (name) => {
  expect(nameSchema.safeParse(name).success).toBe(false);
});

test("a refusal names the characters to leave out", () => {
  expect(createCallerSchema.safeParse({ ...caller, name: "a\u202Eb" }).error?.message).toContain("control characters");
});

test("names that are stored already are read as they are", () => {
  const [name, now] = ["old\u202Ename", "2026-03-01T12:00:00Z"];
  const token = { id: "t", client_name: name, created_at: now, last_used_at: now };
  const known = { id: "c", name, github_login: "mona", github_user_id: null, pools: [name], disabled: false };
  expect(adminCallerSchema.parse({ ...known, verified_at: now, created_at: now, tokens: [token] }).name).toBe(name);
  const told = { id: "c", name, github_login: "mona", org_login: "acme", pool: name, client_name: name };
  expect(loginResponseSchema.parse({ caller: told, token: `op_${"a".repeat(43)}` }).caller).toEqual(told);
});
