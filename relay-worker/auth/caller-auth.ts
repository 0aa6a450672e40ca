/** Finds the caller of a token in D1. */
export interface CallerAuth {
  readonly tokenId: string;
  readonly clientName: string;
  readonly lastUsedAt: number;
  readonly callerId: string;
  readonly name: string;
  readonly githubLogin: string;
  readonly githubUserId: number | null;
  readonly orgLogin: string;
  /** When membership of the organisation was last proven, ms since the epoch. */
  readonly verifiedAt: number;
}
