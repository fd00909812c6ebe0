export { type RestingPlace, SecretsAtRest, SecretUnreadable } from './secrets-at-rest.js';
