/** A network namespace of the trial, by name. Every setup has `client` and `server`. */
export type HostName = string;
export type ProgramName = string;
export type PhaseName = "load" | "drain" | "end";
