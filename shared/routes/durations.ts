/** Lengths of time in seconds, as the route table writes them. */
export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
