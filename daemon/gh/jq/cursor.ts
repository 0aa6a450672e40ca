/** Walks over the tokens of a jq program. */
import type { JqToken } from "./lexer.ts";

/** The program is not understood here: the real gh runs it. */
export class Unknown extends Error {}

export function unknown(): never {
  throw new Unknown();
}

export class Cursor {
  readonly #tokens: readonly JqToken[];
  #at = 0;

  constructor(tokens: readonly JqToken[]) {
    this.#tokens = tokens.filter(({ kind }) => kind !== "space");
  }

  get position(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(ahead = 0): JqToken | undefined {
    return this.#tokens[this.#at + ahead];
  }

  take(): JqToken | undefined {
    return this.#tokens[this.#at++];
  }

  /** Gives the last token back. */
  back(): void {
    this.#at--;
  }

  isText(text: string, kind: JqToken["kind"] = "operator", ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.text === text && token.kind === kind;
  }

  /** Takes the token if it is this one, and returns whether it was. */
  takeText(text: string, kind: JqToken["kind"] = "operator"): boolean {
    const is = this.isText(text, kind);
    if (is) this.#at++;
    return is;
  }

  need(text: string, kind: JqToken["kind"] = "operator"): void {
    if (!this.takeText(text, kind)) unknown();
  }

  variable(): string {
    const token = this.take();
    return token?.kind === "variable" ? token.text : unknown();
  }
}
