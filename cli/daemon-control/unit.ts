/** `octopool daemon unit`: the daemon as a service of the user's own manager. */
import { OctopoolError } from "../../shared/errors.ts";
import type { CommandContext } from "../command.ts";
import { selfCommand } from "../self.ts";

/** Longer than any pause of a working day; a service that left when idle would only be started again. */
const idleSeconds = 604_800;

export async function unit({ io, input }: CommandContext): Promise<undefined> {
  const [systemd, launchd] = [input.flag("systemd"), input.flag("launchd")];
  if (systemd && launchd) throw new OctopoolError("usage", "Name one of --systemd and --launchd.");
  const isLaunchd = launchd || (!systemd && process.platform === "darwin");
  const command = [...selfCommand(), "daemon", "run"];
  await io.stdout.write(isLaunchd ? launchdAgent(command) : systemdUnit(command));
}

function systemdUnit(command: readonly string[]): string {
  return `[Unit]
Description=Octopool daemon: answers gh's reads on this machine

[Service]
Type=exec
ExecStart=${command.map(systemdWord).join(" ")}
Environment=OCTOPOOL_IDLE_SECONDS=${idleSeconds}
Restart=on-failure

[Install]
WantedBy=default.target
`;
}

/** systemd reads quotes, backslashes, percent signs and dollars in a command line. */
function systemdWord(word: string): string {
  const text = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w./%$@:+-]+$/.test(text) ? text : `"${text.replaceAll(/(["\\])/g, "\\$1")}"`;
}

function launchdAgent(command: readonly string[]): string {
  const words = command.map((word) => `    <string>${xml(word)}</string>`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>octopool</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>OCTOPOOL_IDLE_SECONDS</key>
    <string>${idleSeconds}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
</dict>
</plist>
`;
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
