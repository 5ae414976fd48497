/**
 * All the environment that a process of the lab gets: PATH. What the command line was started with is not its own: a
 * variable may change what a program does, and NODE_EXTRA_CA_CERTS makes each start of Node read a list of certificates,
 * which takes as long again as the start, for programs that check none.
 */
export function labEnvironment(): { PATH: string } {
  return { PATH: process.env["PATH"] ?? "" };
}
