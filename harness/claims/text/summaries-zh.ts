export const SUMMARIES_ZH = `
x y z
`;
