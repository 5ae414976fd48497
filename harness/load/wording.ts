/** A share as whole percent: `97 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Milliseconds as reports print them: `9.8 ms`, `140 ms`. */
export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** A whole number with commas: `14,116`. */
export function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
