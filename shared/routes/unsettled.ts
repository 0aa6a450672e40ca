/**
 * How long CI that is not settled, and lists that grow, are answered without asking GitHub, in seconds: confirming an
 * unchanged one costs no budget, and each change that is seen is paid once, for any number of readers. The bench of a
 * team prints the cost of other lifetimes (docs/performance.md).
 */
export const unsettledSeconds = 15;
