/** How the daemon answers in JSON. */
import type { ServerResponse } from "node:http";
import { version } from "../../shared/version.ts";

/** Header of every JSON answer that names the daemon's release. */
const daemonHeader = "x-octopool-daemon";

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    [daemonHeader]: version,
  });
  response.end(body);
}
