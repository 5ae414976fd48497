// A strict reader of the part of PromQL that docs/alerts.yaml uses. It reads a whole expression or throws, and returns what it names.

/** The metrics of an expression, each with the labels that it is asked by or joined on. */
export interface Named {
  metrics: { name: string; labels: string[]; values: string[] }[];
  grouped: string[];
}

const TOKEN =
  /\s*(?:(?<name>[a-zA-Z_:][\w:]*)|(?<number>\d+(?:\.\d+)?)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<range>\[\d+[smhd]\])|(?<sign>=~|!=|>=|<=|[-+/<>=(){},]))/y;

interface Token {
  kind: "name" | "number" | "text" | "range" | "sign";
  text: string;
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = expression.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(expression) ?? {};
    const found = Object.entries(groups ?? {}).find(([, text]) => text !== undefined);
    if (found === undefined) throw new SyntaxError(`no token at ${at}: ${expression.slice(at)}`);
    tokens.push({ kind: found[0] as Token["kind"], text: found[1] ?? "" });
  }
  return tokens;
}

/** Reads an expression. Throws a SyntaxError where it is not one. */
export function readPromql(expression: string): Named {
  return new Reader(tokensOf(expression)).read();
}

class Reader {
  readonly #tokens: Token[];
  readonly #named: Named = { metrics: [], grouped: [] };
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  read(): Named {
    this.#joined();
    if (this.#at < this.#tokens.length) throw this.#fault("the end");
    return this.#named;
  }

  /** compared { (and | unless) on (labels) ( joined ) } */
  #joined(): void {
    this.#compared();
    while (this.#has("and") || this.#has("unless")) {
      this.#at += 1;
      this.#take("on");
      this.#labels();
      this.#take("(");
      this.#joined();
      this.#take(")");
    }
  }

  /** sum [ (>= | > | <= | < | !=) number ] */
  #compared(): void {
    this.#figure();
    if (![">=", ">", "<=", "<", "!="].some((sign) => this.#has(sign))) return;
    this.#at += 1;
    this.#kind("number");
  }

  /** term [ (- | /) [ on (labels) [ group_left () ] ] term ] */
  #figure(): void {
    this.#term();
    if (!this.#has("-") && !this.#has("/")) return;
    this.#at += 1;
    if (this.#has("on")) {
      this.#at += 1;
      this.#labels();
      if (this.#has("group_left")) {
        this.#at += 1;
        this.#labels();
      }
    }
    this.#term();
  }

  #term(): void {
    if (this.#has("(")) {
      this.#at += 1;
      this.#joined();
      this.#take(")");
    } else if (this.#has("sum") || this.#has("max")) {
      this.#at += 1;
      this.#take("by");
      this.#labels();
      this.#take("(");
      this.#figure();
      this.#take(")");
    } else if (this.#has("increase")) {
      this.#at += 1;
      this.#take("(");
      this.#selector();
      this.#kind("range");
      this.#take(")");
    } else this.#selector();
  }

  #selector(): void {
    const metric = { name: this.#kind("name"), labels: [] as string[], values: [] as string[] };
    this.#named.metrics.push(metric);
    if (!this.#has("{")) return;
    this.#at += 1;
    for (let isFirst = true; !this.#has("}"); isFirst = false) {
      if (!isFirst) this.#take(",");
      metric.labels.push(this.#kind("name"));
      if (!["=", "=~", "!="].some((sign) => this.#has(sign))) throw this.#fault("a matcher");
      this.#at += 1;
      metric.values.push(...(JSON.parse(this.#kind("text")) as string).split("|"));
    }
    this.#take("}");
  }

  #labels(): void {
    this.#take("(");
    for (let isFirst = true; !this.#has(")"); isFirst = false) {
      if (!isFirst) this.#take(",");
      this.#named.grouped.push(this.#kind("name"));
    }
    this.#take(")");
  }

  #has(text: string): boolean {
    return this.#tokens[this.#at]?.text === text;
  }

  #take(text: string): void {
    if (!this.#has(text)) throw this.#fault(text);
    this.#at += 1;
  }

  #kind(kind: Token["kind"]): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) throw this.#fault(`a ${kind}`);
    this.#at += 1;
    return token.text;
  }

  #fault(wanted: string): SyntaxError {
    return new SyntaxError(`${wanted} is wanted, not ${this.#tokens[this.#at]?.text ?? "the end"}`);
  }
}
