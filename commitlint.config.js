export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    // A commit says why, and a reason may hold a link longer than a line.
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
  },
};
