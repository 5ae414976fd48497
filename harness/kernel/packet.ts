import { close } from "./socket.ts";
import { type Address, check, declare, lastErrno, memory, pointer } from "./libc.ts";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { interfaceIndex } from "./interface.ts";

const socket_ = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int domain, int type, int protocol)",
);
const bind_ = declare<(fd: number, address: Uint8Array, length: number) => number>(
  "int bind(int fd, const void *addr, uint32_t addrlen)",
);
const send_ = declare<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
  "intptr_t send(int fd, const void *buf, size_t len, int flags)",
);
const setsockopt = declare<
  (fd: number, level: number, option: number, value: Uint32Array, length: number) => number
>("int setsockopt(int fd, int level, int optname, const void *optval, uint32_t optlen)");
const getsockopt = declare<
  (fd: number, level: number, option: number, value: Uint32Array, length: Uint32Array) => number
>("int getsockopt(int fd, int level, int optname, void *optval, uint32_t *optlen)");
const mmap = declare<
  (
    ...values: [at: null, bytes: number, protection: number, flags: number, fd: number, offset: number]
  ) => Address
>("void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)");
const munmap = declare<(at: Address, bytes: number) => number>("int munmap(void *addr, size_t length)");
const ioctl = declare<(fd: number, request: number, argument: Uint8Array) => number>(
  "int ioctl(int fd, unsigned long request, void *argument)",
);

/** include/linux/socket.h and include/linux/net.h. */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const AF_INET = 2;
/** include/uapi/linux/if_ether.h: frames of all protocols. */
const ETH_P_ALL = 0x0003;

/** include/uapi/linux/if_packet.h; the level is in include/linux/socket.h. */
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_QDISC_BYPASS = 20;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V2 = 1;

/** Bits of tp_status, include/uapi/linux/if_packet.h. */
const TP_STATUS_KERNEL = 0;
const TP_STATUS_USER = 1;

/**
 * struct tpacket2_hdr, include/uapi/linux/if_packet.h: `u32 tp_status, tp_len, tp_snaplen; u16 tp_mac, tp_net; ...`. As
 * words of four bytes: status 0, length on the wire 1, length kept 2; tp_mac is the 16 bits at byte 12; tp_sec is word 4 and
 * tp_nsec word 5.
 */
const STATUS_WORD = 0;
const LENGTH_WORD = 1;
const KEPT_WORD = 2;
const MAC_BYTE = 12;
const SECONDS_WORD = 4;
const NANOSECONDS_WORD = 5;

/** asm-generic/mman-common.h. */
const PROT_READ_WRITE = 0x3;
const MAP_SHARED = 0x1;

/** Bytes for one frame in the ring. Its header has 66 bytes, and an Ethernet frame has 14 + 1500. */
const SLOT_BYTES = 2048;
const BLOCK_BYTES = 65_536;

/** include/uapi/linux/sockios.h. */
const SIOCETHTOOL = 0x8946;
/** include/uapi/linux/ethtool.h: transmit checksums, receive checksums, scatter-gather, TSO, GSO, GRO; each takes 0 or 1. */
const OFFLOADS = {
  ETHTOOL_STSO: 0x1f,
  ETHTOOL_SGSO: 0x24,
  ETHTOOL_SGRO: 0x2c,
  ETHTOOL_STXCSUM: 0x17,
  ETHTOOL_SRXCSUM: 0x15,
  ETHTOOL_SSG: 0x19,
} as const;

/**
 * Makes an interface of the calling thread's network namespace carry frames as a real Ethernet does: no segment is larger than
 * the MTU, segments are not merged, and every checksum is computed and verified in software. Errors: ENODEV (no such interface),
 * EPERM (needs CAP_NET_ADMIN in the namespace).
 */
export function switchOffloadsOff(device: string): void {
  const fd = check(socket_(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket", "changing an interface");
  try {
    for (const [name, command] of Object.entries(OFFLOADS)) {
      // struct ethtool_value: u32 cmd, u32 data. struct ifreq, include/uapi/linux/if.h: 16 bytes of name, then a pointer.
      const value = new Uint32Array([command, 0]);
      const request = new Uint8Array(40);
      request.set(Buffer.from(device, "latin1").subarray(0, 15));
      new DataView(request.buffer).setBigUint64(16, pointer(value), LITTLE_ENDIAN);
      check(ioctl(fd, SIOCETHTOOL, request), `ioctl(SIOCETHTOOL, ${name})`, `interface ${device}`);
    }
  } finally {
    close(fd);
  }
}

/**
 * Receives every frame that arrives at one interface, and sends frames out of it. It is an AF_PACKET socket of type SOCK_RAW
 * (packet(7)) with a receive ring in memory that it shares with the kernel (Documentation/networking/packet_mmap.rst). With the
 * ring, received frames need no system call, and the limit on an ordinary user's receive buffers does not apply. Frames that the
 * interface itself sends are not among the received ones.
 */
export class PacketSocket {
  readonly device: string;
  readonly fd: number;
  readonly #slots: number;
  readonly #words: Int32Array;
  readonly #shorts: Uint16Array;
  readonly #memory: Uint8Array;
  readonly #views: (Uint8Array | undefined)[];
  readonly #address: Address;
  readonly #counts = new Uint32Array(2);
  readonly #countsLength = new Uint32Array(1);
  #next = 0;
  #cut = 0;

  /** The frame that `next` found, from its Ethernet header on. It may be changed. It is valid only until `done`. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The length of that frame. */
  length = 0;

  /**
   * Opens a socket on an interface of the calling thread's network namespace. `frames` is how many frames can wait to be read; 32
   * of them take 64 KiB. Errors: ENODEV (no such interface), EPERM (needs CAP_NET_RAW in the namespace), ENOMEM.
   */
  constructor(device: string, frames: number) {
    this.device = device;
    const index = interfaceIndex(device);
    // With protocol 0, no frame is received before the ring exists and the socket is bound to its interface.
    this.fd = check(
      socket_(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
      "socket(AF_PACKET)",
      `interface ${device}`,
    );
    try {
      this.#set(PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING", 1);
      this.#set(PACKET_QDISC_BYPASS, "PACKET_QDISC_BYPASS", 1);
      this.#set(PACKET_VERSION, "PACKET_VERSION", TPACKET_V2);
      const perBlock = BLOCK_BYTES / SLOT_BYTES;
      const blocks = Math.ceil(frames / perBlock);
      this.#slots = blocks * perBlock;
      // struct tpacket_req: block size, block count, frame size, frame count.
      this.#set(PACKET_RX_RING, "PACKET_RX_RING", BLOCK_BYTES, blocks, SLOT_BYTES, this.#slots);
      const ringBytes = blocks * BLOCK_BYTES;
      this.#address = mmap(null, ringBytes, PROT_READ_WRITE, MAP_SHARED, this.fd, 0);
      if (BigInt.asIntN(64, this.#address) === -1n) check(-1, "mmap", `the ring of ${device}`);
      const buffer = memory(this.#address, ringBytes);
      this.#words = new Int32Array(buffer);
      this.#shorts = new Uint16Array(buffer);
      this.#memory = new Uint8Array(buffer);
      this.#views = Array.from({ length: this.#slots });
      check(bind_(this.fd, linkAddress(index), 20), "bind", `interface ${device}`);
    } catch (error) {
      close(this.fd);
      throw error;
    }
  }

  /** Finds the next received frame; false when there is none. The frame stays in the ring until `done`. */
  next(): boolean {
    for (;;) {
      const word = (this.#next * SLOT_BYTES) / 4;
      // Atomic, so that the frame is not read before its status.
      if ((Atomics.load(this.#words, word + STATUS_WORD) & TP_STATUS_USER) === 0) return false;
      const length = this.#words[word + LENGTH_WORD] ?? 0;
      if (length === this.#words[word + KEPT_WORD]) {
        this.length = length;
        this.bytes = this.#view(this.#next);
        return true;
      }
      // The frame is longer than this interface's MTU allows, and does not fit into its slot.
      this.#cut += 1;
      this.done();
    }
  }

  /** When the kernel received the frame that `next` found, in microseconds on CLOCK_REALTIME (packet_mmap.rst, "Timestamping"). */
  realUs(): number {
    const word = (this.#next * SLOT_BYTES) / 4;
    const seconds = (this.#words[word + SECONDS_WORD] ?? 0) >>> 0;
    return seconds * 1e6 + (this.#words[word + NANOSECONDS_WORD] ?? 0) / 1000;
  }

  /** Gives the slot of the frame that `next` found back to the kernel. */
  done(): void {
    Atomics.store(this.#words, (this.#next * SLOT_BYTES) / 4 + STATUS_WORD, TP_STATUS_KERNEL);
    this.#next = (this.#next + 1) % this.#slots;
  }

  /** Sends a whole frame. Returns 0, or minus the errno (ENETDOWN, ENOBUFS, EAGAIN, EMSGSIZE). */
  send(bytes: Uint8Array, length: number): number {
    return send_(this.fd, bytes, length, 0) < 0 ? -lastErrno() : 0;
  }

  /** How many frames were lost since the last call, because the ring was full or they were too long (PACKET_STATISTICS). */
  lost(): number {
    this.#countsLength[0] = 8;
    check(
      getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, this.#counts, this.#countsLength),
      "getsockopt(PACKET_STATISTICS)",
      `interface ${this.device}`,
    );
    const cut = this.#cut;
    this.#cut = 0;
    return (this.#counts[1] ?? 0) + cut;
  }

  /** Closes the ring and the socket. `bytes` must not be used afterwards. */
  close(): void {
    munmap(this.#address, this.#slots * SLOT_BYTES);
    close(this.fd);
  }

  #view(slot: number): Uint8Array {
    const kept = this.#views[slot];
    const start = slot * SLOT_BYTES + (this.#shorts[(slot * SLOT_BYTES + MAC_BYTE) / 2] ?? 0);
    if (kept !== undefined && kept.byteOffset === start) return kept;
    const made = this.#memory.subarray(start, (slot + 1) * SLOT_BYTES);
    this.#views[slot] = made;
    return made;
  }

  #set(option: number, name: string, ...values: number[]): void {
    const result = setsockopt(this.fd, SOL_PACKET, option, new Uint32Array(values), values.length * 4);
    check(result, `setsockopt(${name})`, `interface ${this.device}`);
  }
}

/** struct sockaddr_ll, include/uapi/linux/if_packet.h: u16 family, u16 protocol in network order, int interface index, 12 more bytes. */
function linkAddress(index: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(20));
  bytes.setUint16(0, AF_PACKET, LITTLE_ENDIAN);
  bytes.setUint16(2, ETH_P_ALL);
  bytes.setInt32(4, index, LITTLE_ENDIAN);
  return new Uint8Array(bytes.buffer);
}
