import type {Dialect} from '../wire/names.ts';
import type {RouteCall} from './inputs.ts';

/* Which upstream can be asked in which client's protocol: its own, and through the bridge every other that it translates. */

/** A chat request goes as it is to every OpenAI-shaped upstream: those bases serve both. */
const asItIs = (endpoint: Dialect, call: Dialect | undefined): boolean =>
	call === undefined || endpoint === call || (call === 'chat' && endpoint === 'responses');

const bridged: Readonly<Partial<Record<Dialect, readonly Dialect[]>>> = {
	responses: ['chat', 'messages', 'gemini'],
	chat: ['messages', 'gemini'],
	messages: ['responses', 'chat', 'gemini'],
};

/** Whether an upstream of a dialect can be asked in a call's, with the bridge's help. */
const throughBridge = (endpoint: Dialect, call: Dialect | undefined): boolean =>
	asItIs(endpoint, call) || (call !== undefined && bridged[call]?.includes(endpoint) === true);

/** The path of a model's turn; what stands beside it (token counts, compactions) belongs to one protocol. */
const turnPath = /\/(?:responses|chat\/completions|messages)$/;

/** How a call finds out who speaks its language. State that only names something at its upstream cannot be translated. */
export const speaksFor = ({state, path}: RouteCall): ((endpoint: Dialect, call: Dialect | undefined) => boolean) =>
	state.kind === 'ordinary' && !state.binding.includes('previous_response_id') && turnPath.test(path)
		? throughBridge
		: asItIs;

/** Whether a candidate is served by translation. */
export const needsBridge = (endpoint: Dialect, call: Dialect | undefined): boolean => !asItIs(endpoint, call);
