/**
 * The limits of every suite. No limit of a single test is a rule about speed: a busy machine gets this many ms for what
 * takes one second.
 */
export const timeouts = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };
