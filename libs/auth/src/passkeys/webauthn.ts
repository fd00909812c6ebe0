/** Read when the first passkey is shown: with its certificates it is hundreds of classes, and few processes ever see one. */
export const webauthn = () => import('@simplewebauthn/server');
