import { check, declare } from "./libc.ts";

const dup2 = declare<(from: number, to: number) => number>("int dup2(int oldfd, int newfd)");
const execvpe = declare<(path: string, args: (string | null)[], env: (string | null)[]) => number>(
  "int execvpe(const char *file, const char **argv, const char **envp)",
);

/**
 * Replaces this process with a program; the pid stays the same. The program's output goes to `stdout`, and `env` is its whole
 * environment. Node opens all other descriptors close-on-exec. It never returns; it throws the error of execvpe(3).
 */
export function becomeProgram(
  executable: string,
  args: string[],
  env: Record<string, string>,
  stdout: number,
): never {
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  check(dup2(stdout, 1), "dup2", "giving a program its standard output");
  check(execvpe(executable, [executable, ...args, null], [...words, null]), "execvpe", executable);
  throw new Error(`execvpe returned from ${executable}`);
}
