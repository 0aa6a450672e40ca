/** One request to a machine's daemon over its socket, as curl would make it. */
import { request } from "node:http";
import { connect } from "node:net";
import type { Machine } from "../../../scripts/stack/machine.ts";
import { runtimePaths } from "../../../shared/runtime-directory.ts";

interface SocketAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export function socketOf(machine: Machine): string {
  return runtimePaths({ env: machine.env, platform: process.platform, uid: process.getuid?.() ?? 0 }).socket;
}

export function askDaemon(
  machine: Machine,
  path: string,
  {
    body,
    ...options
  }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socketOf(machine), path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** The daemon's answer to bytes that are no request. */
export function sendGarbage(machine: Machine, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketOf(machine), () => socket.end(bytes));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}
