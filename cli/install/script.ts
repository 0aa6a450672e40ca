/** The `gh` that is installed. */
import { readText } from "./files.ts";

/** Whether the file at `path` is a shim of ours; anything else there is somebody else's and stays. */
export function isOurShim(path: string): boolean {
  const text = readText(path);
  return text?.startsWith("#!/bin/sh") === true && text.slice(0, 400).includes("octopool");
}

/** How many directories were made for the shim at `path`; `undefined` when there is none. */
export function madeDirectories(path: string): number | undefined {
  const text = isOurShim(path) ? readText(path) : undefined;
  return text === undefined ? undefined : Number(/^# Directories made for it: (\d{1,2})$/m.exec(text)?.[1] ?? 0);
}

export interface ShimOptions {
  /** Program and first arguments of this octopool. */
  readonly octopool: readonly string[];
  /** The real gh, pinned. */
  readonly realGh: string | undefined;
  /** How many directories are made for it, so that its removal knows. */
  readonly directories: number;
}

export function shimScript({ octopool, realGh, directories }: ShimOptions): string {
  const pin =
    realGh === undefined
      ? ""
      : `: "\${OCTOPOOL_GH_PATH:=${realGh.replaceAll(/(["\\$`}])/g, "\\$1")}}"\nexport OCTOPOOL_GH_PATH\n`;
  return `#!/bin/sh\n# octopool: the fast gh.\n# Directories made for it: ${directories}\n${pin}exec ${octopool.map(quote).join(" ")} gh "$@"\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
