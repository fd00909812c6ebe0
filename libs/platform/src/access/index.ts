export { Denials, type Denied } from './denials.js';
export { AccessGuard } from './access.guard.js';
export { ACCESS, type Access, Allow, AllowAuthenticated, CurrentActor, Public } from './allow.js';
export { Authenticator, type Standing, type Ticket } from './authenticator.js';
export { BadCredential, type Credential, readCredential } from './credential.js';
export { Restricted, type Restriction } from './restriction.js';
export { Standings } from './standings.js';
export { StepUp, STEP_UP_SECONDS } from './step-up.js';
