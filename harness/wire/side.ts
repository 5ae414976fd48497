/** An end of the link: 0 is the first host of `between`, 1 the second. A frame of a side comes from that host. */
export type Side = 0 | 1;

/** The other end. */
export function across(side: Side): Side {
  return side === 0 ? 1 : 0;
}
