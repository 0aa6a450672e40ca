import { crc32 } from "node:zlib";
import type { Job, Step } from "../world/model.ts";

/** A job's log: as the world wrote it, or a few lines for each step. Every line starts with its time. */
export function jobLog(job: Job): string {
  if (job.log !== null) return job.log;
  return job.steps.map(stepLog).join("");
}

function stepLog(step: Step): string {
  if (step.conclusion === "skipped") return "";
  const start = step.started_at ?? "2026-01-01T00:00:00Z";
  const stamp = (index: number) => `${start.slice(0, 19)}.${String(index).padStart(7, "0")}Z`;
  const lines = [`##[group]${step.name}`, step.name, "##[endgroup]"];
  if (step.conclusion === "failure") lines.push("##[error]Process completed with exit code 1.");
  return lines.map((line, index) => `${stamp(index)} ${line}\n`).join("");
}

/** The archive of a run: `<n>_<job>.txt` for each job and `<job>/<step>_<name>.txt` for each step. */
export function runLogs(jobs: Job[]): Buffer {
  const entries: [string, string][] = [];
  for (const [index, job] of jobs.entries()) {
    if (job.conclusion === "skipped") continue;
    const name = safe(job.name);
    entries.push([`${index}_${name}.txt`, jobLog(job)]);
    const parts = job.log === null ? null : splitBySteps(job);
    for (const step of job.steps) {
      const text = parts ? (parts.get(step.number) ?? "") : stepLog(step);
      if (text) entries.push([`${name}/${step.number}_${safe(step.name)}.txt`, text]);
    }
  }
  return zip(entries);
}

/** Lines of a written log belong to the step that ran at their time; lines without a time to the first. */
function splitBySteps(job: Job): Map<number, string> {
  const parts = new Map<number, string>();
  for (const line of job.log?.split(/(?<=\n)/) ?? []) {
    const at = line.slice(0, 19);
    const step =
      job.steps.findLast((each) => each.started_at !== null && each.started_at.slice(0, 19) <= at) ?? job.steps[0];
    if (step) parts.set(step.number, (parts.get(step.number) ?? "") + line);
  }
  return parts;
}

function safe(name: string): string {
  return name.replace(/[/:<>|*?"\\]/g, "");
}

/** An uncompressed ZIP archive. */
function zip(files: [name: string, text: string][]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt32LE(0x00210000, 6);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), common, rest, path]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}
