// Reasons that several reference servers share.

/** Node's http closes a connection whose client has half-closed while its answer is still being written (httpAllowHalfOpen is not documented). */
export const HTTP_OF_NODE = {
  grade: "warn",
  because: "Node's http gives up an answer that is not yet written when the client's FIN comes",
} as const;

export const HTTP_OF_PYTHON = {
  grade: "warn",
  because:
    "Python's http.server answers 501 without reading the body, and closes: an RST right behind the answer",
} as const;

/** Of a server with long answers, whose handler of SIGTERM calls process.exit(). */
export const EXITS_AT_ONCE = {
  "stop-under-load": "process.exit() at SIGTERM cuts off a long answer that is on its way",
} as const;

/** Of Python's socketserver, which is below http.server. */
export const SPINS = {
  grade: "warn",
  because: "socketserver ignores EMFILE, and tries again at once",
} as const;
