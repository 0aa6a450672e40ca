import { expect, test } from "vitest";
import { parseServer } from "../../../shared/settings/relay-address.ts";

test.each([
  ["octopool.dev", "https://octopool.dev"],
  ["https://Relay.Example/", "https://relay.example"],
  ["http://localhost:8787", "http://localhost:8787"],
  ["http://127.0.0.1:1", "http://127.0.0.1:1"],
  ["http://[::1]:1", "http://[::1]:1"],
])("%s is the relay %s", (address, origin) => {
  expect(parseServer(address, false)).toBe(origin);
});

test.each([
  "http://relay.example",
  "http://127.0.0.1.evil.example",
  "http://localhost.evil.example",
  "ftp://relay.example",
  "https://name:word@relay.example",
  "https://relay.example/api",
  "https://relay.example/?x=1",
  "https://",
  "",
])("%j may not be sent a token", (address) => {
  expect(() => parseServer(address, false)).toThrow(expect.objectContaining({ code: "insecure_server" }));
});

test("plain http to another machine needs the development switch", () => {
  expect(parseServer("http://relay.example", true)).toBe("http://relay.example");
});

test("a password in the address does not come back in the message", () => {
  expect(() => parseServer("https://name:hunter2@relay.example", false)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
  );
});
