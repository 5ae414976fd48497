import { getSystemErrorName } from "node:util";
import koffi from "koffi";

// A null path means the running process itself. Node is linked to a libc, so this works with glibc and with musl.
const process_ = koffi.load(null);

/** A system call that failed: its name, the errno, and what it was meant to do. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  readonly call: string;
  readonly code: string;
  readonly errno: number;

  constructor(call: string, errno: number, about: string) {
    const code = errnoName(errno);
    super(`${call} failed with ${code}: ${about}`);
    this.call = call;
    this.code = code;
    this.errno = errno;
  }
}

/** A pointer that libc returned. */
export type Address = bigint;

/** A view of the memory at an address. The caller must not use it after the memory was unmapped: nothing here checks that. */
export function memory(address: Address, bytes: number): ArrayBuffer {
  return koffi.view(address, bytes);
}

/** The address of an array's bytes, for a struct that points to them. Keep the array in use until the call is over. */
export function pointer(bytes: ArrayBufferView): Address {
  return koffi.address(bytes);
}

/** The name of an errno: 98 is `EADDRINUSE`. */
export function errnoName(errno: number): string {
  return getSystemErrorName(-errno);
}

/** Declares a libc function by its C prototype. The result is called synchronously, on the calling thread. */
export function declare<F extends (...args: never[]) => number | Address>(prototype: string): F {
  return process_.func(prototype) as unknown as F;
}

/** errno of the last call on this thread. Read it at once: anything else may overwrite it. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Returns a call's result, or minus the errno when it failed. For callers that treat failures as data. */
export function orErrno(result: number): number {
  return result < 0 ? -lastErrno() : result;
}

/** Returns a call's result. Throws a SystemCallError when it is negative; `about` says what the call was meant to do. */
export function check(result: number, call: string, about: string): number {
  if (result < 0) throw new SystemCallError(call, lastErrno(), about);
  return result;
}
