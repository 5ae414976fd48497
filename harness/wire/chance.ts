/** 2^32 divided by the golden ratio, made odd: the constant of a Weyl sequence. SplitMix64 uses the same constant with 64 bits. */
const WEYL = 0x9e3779b9;

/**
 * Uniform random numbers from 0 up to 1. The same seed and stream give the same numbers on every machine. The generator is
 * xoshiro128** 1.1 by Blackman and Vigna (prng.di.unimi.it/xoshiro128starstar.c). Its state is filled by MurmurHash3's 32-bit
 * finalizer (Appleby, fmix32) over a Weyl sequence. Generators with the same seed differ by `stream`.
 */
export class Chance {
  readonly #state: Uint32Array;

  constructor(seed: number, stream = 0) {
    const from = (seed ^ mix(Math.trunc(seed / 0x1_0000_0000)) ^ mix(stream)) >>> 0;
    this.#state = Uint32Array.from([1, 2, 3, 4], (n) => mix((from + Math.imul(n, WEYL)) >>> 0));
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    return nextOf(this.#state) / 0x1_0000_0000;
  }
}

/** One step of xoshiro128**: changes the state in place and returns a number of 32 bits. */
export function nextOf(state: Uint32Array): number {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = rotate(d, 11);
  state.set([a, b, c, d]);
  return result;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
