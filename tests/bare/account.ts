/** A user with an account in the minimal root. */
export interface Account {
  /** The user's name in sentences. */
  who: string;
  name: string;
  uid: number;
  home: string;
  /** The PATH of an ordinary user has no folders of system programs: login.defs(5). */
  path: string;
}

export const ACCOUNTS: Record<"root" | "ordinary", Account> = {
  root: {
    who: "root",
    name: "root",
    uid: 0,
    home: "/root",
    path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  },
  ordinary: {
    who: "an ordinary user",
    name: "newcomer",
    uid: 1000,
    home: "/home/newcomer",
    path: "/usr/local/bin:/usr/bin:/bin",
  },
};
