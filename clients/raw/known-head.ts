/** What a head has come to: everything that a reader needs who does not read it again. */
export interface HeadMeaning {
  status: number;
  keepsConnection: boolean;
  /** How many bytes of body follow. */
  length: number;
}

/** The longest head that is remembered, in bytes. */
const MOST = 4096;

/**
 * The last head that was read, byte by byte. A server's answers to one and the same request differ in their date at most,
 * so that all but one in a second begin with a head that is known; and whatever equals it means the same.
 */
export class KnownHead {
  #bytes: Buffer = Buffer.alloc(0);
  meaning: HeadMeaning = { status: 0, keepsConnection: false, length: 0 };

  /** The length of the head, when that is what bytes begin with; otherwise 0. */
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
