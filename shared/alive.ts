/** Whether a process of this number lives. */
import { readIfRegular } from "./regular-file.ts";

export function isAlive(pid: number): boolean {
  // A signal to 0 or below goes to a group of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  // A dead child whose parent has not looked yet still has its id.
  return !/^\d+ \(.*\) [ZX]/s.test(readIfRegular(`/proc/${pid}/stat`) ?? "");
}
