/** A part of the daemon that is loaded when it is first needed: an idle daemon does without it. */
export class Lazy<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;
  #loaded: T | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  get(): Promise<T> {
    this.#loading ??= this.#load().then((part) => {
      this.#loaded = part;
      return part;
    });
    return this.#loading;
  }

  /** Undefined until it is needed. */
  get loaded(): T | undefined {
    return this.#loaded;
  }
}
