/** `true` when two types accept exactly the same values; otherwise `never`, which no value has: a compile error. */
export type Agreement<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
