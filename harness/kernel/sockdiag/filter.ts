import { LITTLE_ENDIAN } from "../byte-order.ts";

/** enum of include/uapi/linux/inet_diag.h. */
const INET_DIAG_BC_JMP = 1;
const INET_DIAG_BC_S_COND = 7;
const INET_DIAG_BC_D_COND = 8;
/** struct inet_diag_bc_op: code (u8), yes (u8), no (u16). */
const OP_BYTES = 4;
/** struct inet_diag_hostcond: family (u8), prefix_len (u8), two bytes of padding, port (int), and no address here. */
const CONDITION_BYTES = OP_BYTES + 8;
/** A condition and the jump behind it. */
const CLAUSE_BYTES = CONDITION_BYTES + OP_BYTES;
/** The jump distance `no` is 16 bits wide, and a clause is needed for either end of each port. */
const MOST_PORTS = 1000;

/**
 * A program for INET_DIAG_REQ_BYTECODE that keeps the sockets whose local or remote port is among these (1 to 1000
 * ports, each 1 to 65535; a RangeError otherwise).
 *
 * The kernel runs it from op to op: `yes` and `no` are distances in bytes, a socket is kept when the program ends just at
 * its end, and dropped when it ends 4 bytes behind (inet_diag_bc_run, net/ipv4/inet_diag.c). A condition cannot itself
 * end the program with yes: inet_diag_bc_audit walks the chain of `yes` to check every op, and refuses with EINVAL a
 * `no` that leads to where this walk does not come by (valid_cc). So `a or b` is written
 *
 *     a    yes: the jump behind it    no: b
 *     JMP  taken as no: the end       yes: b, for the audit alone
 *     b    ...
 */
export function portFilter(ports: readonly number[]): Uint8Array {
  if (ports.length === 0 || ports.length > MOST_PORTS) {
    throw new RangeError(`a port filter takes 1 to ${MOST_PORTS} ports, not ${ports.length}`);
  }
  const clauses = ports.length * 2;
  // The last condition needs no jump: its yes is the end.
  const length = clauses * CLAUSE_BYTES - OP_BYTES;
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`${port} is not a port`);
    for (const code of [INET_DIAG_BC_S_COND, INET_DIAG_BC_D_COND]) {
      // Family and prefix length stay 0: any address (AF_UNSPEC).
      writeOp(view, at, { code, yes: CONDITION_BYTES, no: CLAUSE_BYTES });
      view.setInt32(at + OP_BYTES + 4, port, LITTLE_ENDIAN);
      at += CONDITION_BYTES;
      if (at === length) break;
      writeOp(view, at, { code: INET_DIAG_BC_JMP, yes: OP_BYTES, no: length - at });
      at += OP_BYTES;
    }
  }
  return new Uint8Array(view.buffer);
}

function writeOp(view: DataView, at: number, op: { code: number; yes: number; no: number }): void {
  view.setUint8(at, op.code);
  view.setUint8(at + 1, op.yes);
  view.setUint16(at + 2, op.no, LITTLE_ENDIAN);
}
