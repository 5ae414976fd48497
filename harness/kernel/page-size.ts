import { declare } from "./libc.ts";

const getpagesize = declare<() => number>("int getpagesize(void)");

/** Bytes of a page of memory: 4096 on x64, up to 65536 on arm64 (getpagesize(2)). */
export const PAGE_BYTES = getpagesize();
