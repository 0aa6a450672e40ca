const names = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether the `hostname` of a URL means this machine: plain http is allowed there, and no proxy stands before it. */
export function isLoopback(hostname: string): boolean {
  return names.test(hostname);
}
