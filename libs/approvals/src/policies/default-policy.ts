/** Four eyes: one other person decides. */
export const DEFAULT_POLICY = {
  name: 'One other person',
  required: 1,
  allowSelfApproval: false,
  isActive: true,
  rules: [],
  patience: null,
  version: 0,
};
