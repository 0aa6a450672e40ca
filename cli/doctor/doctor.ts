/** `octopool doctor`: checks each part that a read needs, and prints the remedy for each finding. */
import { version } from "../../shared/version.ts";
import { type CommandContext, connectionFlags } from "../command.ts";
import { printJson } from "../output/json.ts";
import { withProgress } from "../output/progress.ts";
import { plural } from "../output/text.ts";
import type { Style } from "../style.ts";
import { type Check, type CheckStatus, type Report, signs } from "./check.ts";
import { look } from "./look.ts";
import { machineChecks } from "./machine.ts";
import { relayChecks } from "./relay.ts";

/** Exit code 1 when something is broken; warnings are no failure. */
export async function doctor({ io, input }: CommandContext): Promise<number> {
  const checks = [...machineChecks(io), ...relayChecks(io, connectionFlags(input))];
  const reports = await withProgress(io, "Looking", () => Promise.all(checks.map(report)));
  const broken = reports.filter((report) => report.status === "failure").length;
  if (input.flag("json"))
    await printJson(io.stdout, {
      ok: broken === 0,
      version,
      platform: `${process.platform} ${process.arch}`,
      checks: reports,
    });
  else await io.stdout.write(`${renderReports(reports, io.stdout.style).join("\n")}\n`);
  return broken === 0 ? 0 : 1;
}

async function report(check: Check): Promise<Report> {
  const { short: _short, ...finding } = await look(check);
  return { name: check.name, section: check.section, ...finding };
}

function renderReports(reports: readonly Report[], style: Style): readonly string[] {
  const paints = { ok: style.good, warning: style.warn, failure: style.bad, skipped: style.dim };
  const width = Math.max(...reports.map((report) => report.name.length));
  const lines = [style.dim(`octopool ${version}, ${process.platform} ${process.arch}`)];
  let section: string | undefined;
  for (const { name, section: here, status, message, hint } of reports) {
    if (here !== section) lines.push("", style.bold(here));
    section = here;
    lines.push(
      `  ${paints[status](signs[status])} ${name.padEnd(width)}  ${status === "skipped" ? style.dim(message) : message}`,
    );
    if (hint !== undefined) lines.push(`    ${" ".repeat(width)}  ${style.dim("→")} ${hint}`);
  }
  return [...lines, "", summary(reports, style)];
}

function summary(reports: readonly Report[], style: Style): string {
  const count = (status: CheckStatus) => reports.filter((report) => report.status === status).length;
  const [broken, warned] = [count("failure"), count("warning")];
  const also = warned === 0 ? "" : `, ${plural(warned, "warning")}`;
  if (broken > 0) return style.bad(`${plural(broken, "thing")} to repair${also}.`);
  return warned > 0 ? style.warn(`Works, with ${plural(warned, "warning")}.`) : style.good("All is well.");
}
