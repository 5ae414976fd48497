/**
 * The environment of the lab's own processes: that of the command line without Node's variables (NODE_...). Those were meant
 * for one process only. And NODE_EXTRA_CA_CERTS makes each start of Node read a list of certificates. That takes longer than
 * the rest of the start, and these programs check no certificates.
 */
export function labEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NODE_")));
}
