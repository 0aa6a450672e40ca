/** Shows the current step on a terminal once it takes long; silent in a pipe. */
import type { Io } from "../io.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds: shorter waits would only flicker. */
const silence = 250;
const interval = 90;

export async function withProgress<Result>(io: Io, doing: string, work: () => Promise<Result>): Promise<Result> {
  const { stderr } = io;
  if (!stderr.isTerminal || io.env.TERM === "dumb") return work();
  let frame = 0;
  let shown = false;
  const draw = () => {
    shown = true;
    const line = `${frames[frame++ % frames.length]} ${doing}…`;
    void stderr.write(`\r\u001b[K${stderr.style.dim(line.slice(0, stderr.columns - 1))}`).catch(() => {});
  };
  let ticking: NodeJS.Timeout | undefined;
  const starting = setTimeout(() => {
    draw();
    ticking = setInterval(draw, interval);
  }, silence);
  try {
    return await work();
  } finally {
    clearTimeout(starting);
    clearInterval(ticking);
    if (shown) await stderr.write("\r\u001b[K").catch(() => {});
  }
}
