/**
 * What the client and the daemon say to each other over the unix socket. The thin client loads this file, so it
 * imports nothing.
 *
 * A call is `POST /gh` with an `application/x-www-form-urlencoded` body, because curl can write one from any
 * argument bytes (`--data-urlencode arg=…`): `version`, `cwd`, `tty` (a subset of the digits 0, 1, 2: which
 * standard streams are terminals), `columns`, `arg` once an argument, and `env.NAME` for each variable of
 * {@link sentEnvironment} that is set.
 *
 * Two answers exist. With `accept: application/vnd.octopool.frames` the answer is a stream of frames: one byte type,
 * four bytes big-endian length, payload. Without it, 200 means that the body is the whole stdout of a command that
 * ended with exit code 0 and said nothing on stderr; every other outcome is an HTTP error without output, on which
 * the caller runs the full client.
 */

/** Changes whenever an older peer could misread a newer one. */
export const protocolVersion = 1;

export const callPath = "/gh";
export const readPrefix = "/github";
export const statusPath = "/status";
export const shutdownPath = "/shutdown";
export const writtenPath = "/written";

export const framesMediaType = "application/vnd.octopool.frames";

/** Frame types. `exit` ends a finished call (payload: the code in decimal), `native` hands it over (payload: why). */
export const frame = { stdout: 1, stderr: 2, exit: 3, native: 4 } as const;
export type FrameType = (typeof frame)[keyof typeof frame];

/** Bytes before a frame's payload: its type and its length. */
export const frameHeaderBytes = 5;

/** How a call that the daemon will not answer itself is named on the plain (curl) road. */
export const nativeStatus = 421;
