/** The messages of a daemon in the foreground, for the person or the service manager that started it. */
import { request } from "node:http";
import { statusPath } from "../../shared/protocol.ts";

/** How long the other daemon may take to report its process id, in milliseconds. */
const patienceMs = 2000;

export function tellTerminal(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** ` (process 123)` of the daemon that answers on that socket; empty when none does. */
export function processOf(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: statusPath, timeout: patienceMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        const pid = /"pid":\s*(\d{1,10})/.exec(text)?.[1];
        resolve(pid === undefined ? "" : ` (process ${pid})`);
      });
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(""));
    asked.end();
  });
}
