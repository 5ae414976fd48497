/** Addresses that name no host of anybody: loopback, in both families, and the unspecified ones. They are left as they are. */
const NOBODYS = /^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?|\*)$/;
/** An IPv4 address in an IPv6 socket (RFC 4291 section 2.5.5.2), as the kernel's rows and this lab write it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Where the replacements of IPv4 addresses come from, one block after another, as the number of the first address and how many follow: the
 * three documentation blocks (RFC 5737), without .0 and .255. There are 762. A host with more clients gets the rest from what is reserved for
 * benchmarks (RFC 2544), and from class E (RFC 1112).
 */
const BLOCKS = [
  { first: number(192, 0, 2, 1), count: 254 },
  { first: number(198, 51, 100, 1), count: 254 },
  { first: number(203, 0, 113, 1), count: 254 },
  { first: number(198, 18, 0, 0), count: 2 ** 17 },
  { first: number(240, 0, 0, 0), count: 2 ** 28 - 1 },
] as const;

/**
 * Replaces addresses by those of documentation, the same one always by the same one and different ones by different ones. IPv4 stays IPv4, and
 * an IPv4 address in an IPv6 socket is replaced as the IPv4 address is, so that both still name one host. Documentation addresses are
 * replaced like all others.
 */
export class ReplacedAddresses {
  readonly #v4 = new Map<string, string>();
  readonly #v6 = new Map<string, string>();

  /** The replacement of an address without a port. */
  address(address: string): string {
    if (NOBODYS.test(address)) return address;
    const [, mapped] = MAPPED.exec(address) ?? [];
    if (mapped !== undefined) return `${address.slice(0, -mapped.length)}${this.address(mapped)}`;
    return address.includes(":")
      ? replacedIn(this.#v6, address, (nth) => `2001:db8::${(nth + 1).toString(16)}`)
      : replacedIn(this.#v4, address, v4);
  }

  /** The replacement of an address with its port: `192.0.2.1:80`, `[2001:db8::1]:80`. */
  end(end: string): string {
    const [, six, four, port] = /^(?:\[(.*)\]|([^:]*)):(\d+|\*)$/.exec(end) ?? [];
    if (six !== undefined) return `[${this.address(six)}]:${port}`;
    return four === undefined ? this.address(end) : `${this.address(four)}:${port}`;
  }
}

/** The replacement of a text. `made` gives the one after `nth` others. */
export function replacedIn(known: Map<string, string>, text: string, made: (nth: number) => string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const after = made(known.size);
  known.set(text, after);
  return after;
}

function v4(nth: number): string {
  let left = nth;
  for (const { first, count } of BLOCKS) {
    if (left < count) return dotted(first + left);
    left -= count;
  }
  throw new RangeError(`there are more than ${nth} addresses to replace`);
}

function number(...bytes: [number, number, number, number]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
