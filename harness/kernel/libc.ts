import { getSystemErrorName } from "node:util";
import koffi from "koffi";

// A null path is the running process itself: Node links its libc, so this serves glibc and musl alike.
const process_ = koffi.load(null);

/** A system call that failed: which, with which errno, and what it was about. */
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

/** A pointer as libc gave it. */
export type Address = bigint;

/** The memory at an address, seen from here. It must outlive every use of it: nothing here knows when it is unmapped. */
export function memory(address: Address, bytes: number): ArrayBuffer {
  return koffi.view(address, bytes);
}

/** Where the bytes of an array lie now, for a struct that points to them. Keep the array in use until the call is over. */
export function pointer(bytes: ArrayBufferView): Address {
  return koffi.address(bytes);
}

/** `98` -> `EADDRINUSE`. */
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

/** The result of the last call on this thread, or minus its errno: for failures that are the caller's data. */
export function orErrno(result: number): number {
  return result < 0 ? -lastErrno() : result;
}

/** Passes a result through, or throws with what the call was about when it is negative. */
export function check(result: number, call: string, about: string): number {
  if (result < 0) throw new SystemCallError(call, lastErrno(), about);
  return result;
}
