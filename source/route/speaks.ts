import type {Dialect} from '../wire/names.ts';

/** Whether an upstream of a dialect can be asked in a call's: a chat request by every OpenAI-shaped one, the others only by their own until translation exists. */
export const speaks = (endpoint: Dialect, call: Dialect | undefined): boolean =>
	call === undefined || endpoint === call || (call === 'chat' && endpoint === 'responses');
