import { LITTLE_ENDIAN } from "../byte-order.ts";

/** enum of include/uapi/linux/inet_diag.h. */
const INET_DIAG_BC_JMP = 1;
const INET_DIAG_BC_S_COND = 7;
const INET_DIAG_BC_D_COND = 8;
/** struct inet_diag_bc_op: code (u8), yes (u8), no (u16). */
const OP_BYTES = 4;
/** An op and struct inet_diag_hostcond: family (u8), prefix_len (u8), two bytes of padding, port (int); no address here. */
const CONDITION_BYTES = OP_BYTES + 8;
/** A condition and the jump after it. */
const CLAUSE_BYTES = CONDITION_BYTES + OP_BYTES;
/** The limit comes from the jump distance `no`, which has 16 bits. Each port needs two clauses, one for each end. */
const MOST_PORTS = 1000;

/**
 * A program for INET_DIAG_REQ_BYTECODE that keeps the sockets with one of these ports at either end. Throws a RangeError
 * unless there are 1 to 1000 ports, each from 1 to 65535.
 *
 * The kernel runs the program from op to op. `yes` and `no` are distances in bytes to the next op. A socket is kept when the
 * program stops exactly at its end, and dropped when it stops 4 bytes after its end (inet_diag_bc_run, net/ipv4/inet_diag.c).
 * A condition cannot end the program by its `yes`, because inet_diag_bc_audit follows the chain of `yes` to check every op, and
 * refuses with EINVAL a `no` that leads to an op outside this chain (valid_cc). So `a or b` is written
 *
 *     a    yes: the jump after it     no: b
 *     JMP  no (always taken): the end    yes: b, only for the audit
 *     b    ...
 */
export function portFilter(ports: readonly number[]): Uint8Array {
  if (ports.length === 0 || ports.length > MOST_PORTS) {
    throw new RangeError(`a port filter takes 1 to ${MOST_PORTS} ports, not ${ports.length}`);
  }
  const clauses = ports.length * 2;
  // The last condition needs no jump: its `yes` leads to the end.
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

/**
 * A program for INET_DIAG_REQ_BYTECODE that drops the sockets with this port at either end, and keeps all others. Throws a RangeError
 * unless the port is from 1 to 65535. Each condition that holds leads to a jump to 4 bytes after the end, which drops the socket.
 */
export function withoutPortFilter(port: number): Uint8Array {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`${port} is not a port`);
  const length = 2 * CLAUSE_BYTES;
  const view = new DataView(new ArrayBuffer(length));
  for (const [nth, code] of [INET_DIAG_BC_S_COND, INET_DIAG_BC_D_COND].entries()) {
    const at = nth * CLAUSE_BYTES;
    writeOp(view, at, { code, yes: CONDITION_BYTES, no: CLAUSE_BYTES });
    view.setInt32(at + OP_BYTES + 4, port, LITTLE_ENDIAN);
    const jump = at + CONDITION_BYTES;
    writeOp(view, jump, { code: INET_DIAG_BC_JMP, yes: OP_BYTES, no: length - jump + OP_BYTES });
  }
  return new Uint8Array(view.buffer);
}

function writeOp(view: DataView, at: number, op: { code: number; yes: number; no: number }): void {
  view.setUint8(at, op.code);
  view.setUint8(at + 1, op.yes);
  view.setUint16(at + 2, op.no, LITTLE_ENDIAN);
}
