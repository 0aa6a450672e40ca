import type { Figures } from "../figures.ts";
export async function measureLatency(_say: (line: string) => void, _quick: boolean): Promise<Figures> {
  return {};
}
