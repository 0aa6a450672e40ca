/** The clock that GitHub, the relay and all machines of a stage follow. */
import { type Moment, traceStart } from "./trace-types.ts";

export class Clock {
  /** Milliseconds since the trace began; undefined: the real time of day. */
  virtual: Moment | undefined = 0;

  /** Milliseconds since the epoch. */
  readonly now = (): number => (this.virtual === undefined ? Date.now() : traceStart + this.virtual);

  /** Milliseconds since the trace began. */
  readonly moment = (): Moment => this.now() - traceStart;
}
