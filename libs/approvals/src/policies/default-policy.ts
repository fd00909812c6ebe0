/** Four eyes: one other person decides. */
export const DEFAULT_POLICY = {
  name: 'One other person',
  required: 1,
  allowSelfApproval: false,
  isActive: true,
  rules: [],
  version: 0,
};
