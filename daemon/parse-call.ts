/** Parses `POST /gh`: the only entry for a user's command line. */
import { OctopoolError } from "../shared/errors.ts";
import { gitEnvironment, protocolVersion, sentEnvironment, sentPresence, wayEnvironment } from "../shared/protocol.ts";
import { withPreferences } from "../shared/settings/preferences.ts";
import type { Invocation } from "./gh/engine.ts";

export interface ParsedCall {
  readonly invocation: Invocation;
  /** Release of the client; empty where it did not send it. */
  readonly client: string;
  readonly protocol: number;
  /** The client's view of the system's mounts; undefined where it did not send it. */
  readonly mounts: string | undefined;
  /** The network that the client sees; undefined where it did not send it. */
  readonly network: string | undefined;
  /** The client wants beats while work is in progress. */
  readonly beats: boolean;
  /** The client can run gh with other settings. */
  readonly via: boolean;
}

const known: ReadonlySet<string> = new Set([...sentEnvironment, ...sentPresence, ...gitEnvironment, ...wayEnvironment]);
const mostColumns = 10_000;

/** @throws OctopoolError `daemon_protocol`, naming the missing part. */
export function parseCall(body: string): ParsedCall {
  const form = new URLSearchParams(body);
  const protocol = Number(form.get("version") ?? protocolVersion);
  const cwd = form.get("cwd") ?? "";
  if (!Number.isInteger(protocol)) throw invalid("`version` must be a whole number");
  if (!cwd.startsWith("/")) throw invalid("`cwd` must be an absolute path");
  const tty = form.get("tty") ?? "";
  if (!/^[012]*$/.test(tty)) throw invalid("`tty` must be made of the digits 0, 1 and 2");
  const columns = Number(form.get("columns") ?? Number.NaN);
  const stdin = form.get("stdin");
  const env: Record<string, string> = {};
  for (const [key, value] of form) {
    if (key.startsWith("env.") && known.has(key.slice(4))) env[key.slice(4)] = value;
  }
  const invocation = {
    args: form.getAll("arg"),
    cwd,
    env: withPreferences(env),
    tty: { stdin: tty.includes("0"), stdout: tty.includes("1"), stderr: tty.includes("2") },
    ...(stdin !== null && { stdin }),
    ...(columns > 0 && columns < mostColumns && { columns }),
  };
  return {
    invocation,
    client: form.get("client") ?? "",
    protocol,
    mounts: form.get("mounts") ?? undefined,
    network: form.get("net") ?? undefined,
    beats: form.has("beats"),
    via: form.has("via"),
  };
}

function invalid(rule: string): OctopoolError {
  return new OctopoolError("daemon_protocol", `The call cannot be read: ${rule}.`, {
    hint: "docs/daemon.md describes POST /gh.",
  });
}
