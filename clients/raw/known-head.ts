/** The result of parsing a head: all that a reader needs if it does not parse the head again. */
export interface HeadMeaning {
  status: number;
  keepsConnection: boolean;
  /** How many bytes of body follow. */
  length: number;
}

/** The longest head that is remembered, in bytes. */
const MOST = 4096;

/**
 * The bytes and the meaning of the last head that was parsed. A server's answers to the same request usually differ only in their
 * date, so all but one in a second begin with the same bytes, and need no parsing.
 */
export class KnownHead {
  #bytes: Buffer = Buffer.alloc(0);
  meaning: HeadMeaning = { status: 0, keepsConnection: false, length: 0 };

  /** The length of the known head, if `bytes` begin with it; otherwise 0. */
  beginning(bytes: Buffer): number {
    const { length } = this.#bytes;
    if (length === 0 || bytes.length < length) return 0;
    return this.#bytes.compare(bytes, 0, length) === 0 ? length : 0;
  }

  /** Remembers a whole head. */
  learn(bytes: Buffer, meaning: HeadMeaning): void {
    if (bytes.length > MOST) return;
    this.#bytes = Buffer.from(bytes);
    this.meaning = meaning;
  }
}
