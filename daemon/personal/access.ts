/** One call's way to GitHub with its own token, asked for only when a read needs it. */
import type { Price } from "../../shared/explanation.ts";
import { githubCom, type Host } from "../hosts.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "../reader.ts";
import type { Accounts, CallerTokens, OwnAccount } from "./account.ts";
import { keyOf } from "./key.ts";
import type { OwnAnswer, OwnMemory } from "./memory.ts";
import { type Moments, priceOf } from "./price.ts";
import type { PersonalReader } from "./reader.ts";

interface PersonalAccessOptions {
  readonly accounts: Accounts;
  readonly reader: () => Promise<PersonalReader>;
  /** Variables of the call. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tokens: CallerTokens;
  /** Of the reader's answers: a read's cost is computed without loading the reader. */
  readonly memory: OwnMemory;
  readonly moments: Moments;
}

export class PersonalAccess {
  readonly #options: PersonalAccessOptions;
  /** By the name of the host. */
  readonly #found = new Map<string, Promise<OwnAccount>>();
  #withheld = false;
  #failed = false;
  #used = false;

  constructor(options: PersonalAccessOptions) {
    this.#options = options;
  }

  /** The client has a token in its environment that it did not send: the full client would send it. */
  get withheld(): boolean {
    return this.#withheld;
  }

  /** There is no token of github.com that could be used. */
  get failed(): boolean {
    return this.#failed;
  }

  /** GitHub was asked with the caller's token. */
  get used(): boolean {
    return this.#used;
  }

  /** Whether the caller has a token for reads that the pool cannot serve. */
  async canRead(host: Host = githubCom): Promise<boolean> {
    return this.#account(host).then(
      () => true,
      () => this.#withheld,
    );
  }

  /** Reads with the caller's own token. Rejects with NativeRequired where there is none. */
  async read(request: ReadRequest): Promise<ReadAnswer> {
    const account = await this.#account(request.host ?? githubCom);
    this.#used = true;
    return (await this.#options.reader()).read(request, account);
  }

  /** This machine's last answer, of any age. Rejects with NativeRequired where there is no token. */
  async held(request: ReadRequest): Promise<OwnAnswer | undefined> {
    return this.#options.memory.get(keyOf(request, await this.#account(request.host ?? githubCom)));
  }

  /** Rejects with NativeRequired where there is no token. */
  async price(request: ReadRequest): Promise<Price> {
    return priceOf(await this.held(request), request, this.#options.moments);
  }

  /** How often the same query was asked in the last minutes. Rejects with NativeRequired where there is no token. */
  async asked(request: ReadRequest): Promise<number> {
    return this.#options.memory.asked(keyOf(request, await this.#account(request.host ?? githubCom)));
  }

  #account(host: Host): Promise<OwnAccount> {
    const known = this.#found.get(host.name) ?? this.#find(host);
    this.#found.set(host.name, known);
    return known;
  }

  async #find(host: Host): Promise<OwnAccount> {
    const { accounts, env, tokens } = this.#options;
    const account = await accounts.of(env, tokens, host);
    if (typeof account !== "string") return account;
    if (host.name === githubCom.name) this.#failed = true;
    this.#withheld ||= account === "withheld";
    throw new NativeRequired("gh has no token that could be used here");
  }
}
