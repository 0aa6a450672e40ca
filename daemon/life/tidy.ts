/**
 * Frees the memory of finished answers. V8 sees only the small handles of large buffers, so by itself it waits until
 * some hundred megabytes of them are dead; a collection of the young ones after every few megabytes takes a
 * millisecond.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly type: "minor" | "major" }) => void;

/** Bytes of answers after which the young, and after which all of the dead are collected. */
const minorEvery = 4 * 2 ** 20;
const majorEvery = 32 * 2 ** 20;

export class Tidy {
  #sinceMinor = 0;
  #sinceMajor = 0;
  #collect: Collect | undefined;

  /** Called with the bytes of an answer; a due collection runs once the turn is over. */
  passed(bytes: number): void {
    this.#sinceMinor += bytes;
    this.#sinceMajor += bytes;
    if (this.#sinceMajor >= majorEvery) this.#run("major");
    else if (this.#sinceMinor >= minorEvery) this.#run("minor");
  }

  #run(type: "minor" | "major"): void {
    this.#sinceMinor = 0;
    if (type === "major") this.#sinceMajor = 0;
    setImmediate(() => this.#collector()({ type }));
  }

  #collector(): Collect {
    if (this.#collect) return this.#collect;
    setFlagsFromString("--expose-gc");
    const collect: Collect = runInNewContext("gc");
    this.#collect = collect;
    return collect;
  }
}
