import { Client } from './client';
import { Session } from './session';

export const session = new Session();
export const api = new Client(session);

export { type FieldProblem, Problem, say } from './problem';
export type * from './types';
