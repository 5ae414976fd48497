/** Figures and words of one line of the program's output. */
export type Fields = Record<string, string | number | boolean | null>;

/** How a step went, and its figures. */
export interface Result extends Fields {
  outcome: string;
}

/** How a connection was ended by its other end, or by this kernel: `FIN`, or the name of an errno. */
export interface End {
  how: string;
  atUs: number;
  /** Since the last byte in either direction, or since the connection was established. */
  idleUs: number;
}
