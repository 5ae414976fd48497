export const PARTS_ZH = `
x y z
`;
