/**
 * CI that is not settled, and lists that grow, are given without asking GitHub for so long, in seconds: an unchanged one
 * costs no budget to confirm, and each change that is seen is paid once, however many look. The bench of a team prints
 * what other lifetimes cost (docs/performance.md).
 */
export const unsettledSeconds = 15;
