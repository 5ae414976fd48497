/** A user's code called process.exit(). The message goes on after a name of that code. */
export class ExitCalled extends Error {
  override readonly name = "ExitCalled";
  constructor(code: number | string | null = "") {
    super(`it called process.exit(${code ?? ""}): leave that call out`);
  }
}

let guards = 0;
let before: PropertyDescriptor = {};

/**
 * From here on, process.exit() throws an ExitCalled instead: an exit with code 0 while lastack loads or judges a user's code would look
 * like a test suite that has passed. Returns the function that ends this; it must be called once. Guards can overlap.
 */
export function guardExit(): () => void {
  guards += 1;
  if (guards === 1) {
    before = Object.getOwnPropertyDescriptor(process, "exit") ?? {};
    process.exit = (code) => {
      throw new ExitCalled(code);
    };
  }
  return () => {
    guards -= 1;
    if (guards === 0) Object.defineProperty(process, "exit", before);
  };
}
