export const PARTS_EN = `
x y z
`;
