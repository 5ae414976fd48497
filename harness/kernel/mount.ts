import { check, declare } from "./libc.ts";

const mount = declare<
  (source: string, target: string, type: string, flags: bigint, data: string | null) => number
>(
  "int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)",
);

/** linux/mount.h: no set-user-id programs, no devices. */
const MS_NOSUID = 2n;
const MS_NODEV = 4n;

/** Mounts a file system in memory over a folder, in this process's mount namespace (tmpfs(5)). Throws the error of mount(2). */
export function mountInMemory(folder: string): void {
  check(mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, null), "mount", folder);
}
