/**
 * The environment of the lab's own processes: the command line's, but for what is said to Node. That was said to one process
 * and not to all; and NODE_EXTRA_CA_CERTS makes each start of Node read a list of certificates, which takes longer than all
 * the rest of the start, for programs that check none.
 */
export function labEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NODE_")));
}
