/** The parts of jq-web that are used; the package ships no types. */
declare module "jq-web" {
  /** `raw` throws where jq ends with an exit code other than 0. */
  const loading: Promise<{
    raw(json: string, program: string, flags: readonly string[]): string | undefined;
  }>;
  export default loading;
}

/** Node has it; the libraries of TypeScript name it only for browsers. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; gives back how many there were. */
    grow(pages: number): number;
  }
}
