/** Which relay this machine talks to, as whom: address and token always come from one snapshot. */

export interface Connection {
  /** Origin of the relay's API, without a trailing slash. */
  readonly server: string;
  readonly pool: string;
  /** This machine's name at the relay. */
  readonly clientName: string;
  /** Caller token `op_…`; never logged, never in an argument. */
  readonly token: string;
}
