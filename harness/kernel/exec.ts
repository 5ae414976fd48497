import { check, declare } from "./libc.ts";

const dup2 = declare<(from: number, to: number) => number>("int dup2(int oldfd, int newfd)");
const execvpe = declare<(path: string, args: (string | null)[], env: (string | null)[]) => number>(
  "int execvpe(const char *file, const char **argv, const char **envp)",
);

/**
 * Puts a program in the place of this process, which keeps its pid: what it prints goes to `stdout`. Node opens all else
 * close-on-exec. Returns never, or throws what execvpe(3) said; `env` is all the program gets.
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
