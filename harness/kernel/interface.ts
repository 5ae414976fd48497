import { check, declare } from "./libc.ts";

const ifNameToIndex = declare<(name: string) => number>("uint32_t if_nametoindex(const char *ifname)");

/** A name of at most IFNAMSIZ - 1 characters (include/uapi/linux/if.h). The allowed characters: dev_valid_name, net/core/dev.c. */
const NAME = /^(?!\.{1,2}$)[!-.0-9;-~]{1,15}$/;

/** The index of an interface of the calling thread's network namespace (if_nametoindex(3)). Errors: SystemCallError (ENODEV). */
export function interfaceIndex(device: string): number {
  const index = ifNameToIndex(device);
  if (index === 0) check(-1, "if_nametoindex", `there is no interface ${device} in this namespace`);
  return index;
}

/** The name of an interface in the kernel's form, with a final zero byte. Throws a RangeError when the kernel does not allow the name. */
export function interfaceName(device: string): Uint8Array {
  if (!NAME.test(device)) {
    throw new RangeError(
      `"${device}" is not a valid interface name: it must have 1 to 15 letters, digits or signs other than "/" and ":"`,
    );
  }
  return Buffer.from(`${device}\0`, "latin1");
}
