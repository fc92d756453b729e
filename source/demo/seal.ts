import {createHmac} from 'node:crypto';

/**
 * Hidden state as a model provider issues it: opaque to everybody else, verifiable by the issuer. Two upstreams with the same
 * name accept each other's state, so an upstream may be restarted; all others refuse it.
 */
export interface Seal {
	/** An opaque value that carries `text` (any length) for one purpose. */
	readonly issue: (purpose: string, text: string) => string;
	/** Whether this upstream, or one of the same name, issued the value for this purpose. */
	readonly verify: (purpose: string, value: string) => boolean;
}

/** OpenAI's state is a Fernet token, which always begins so; Anthropic's signatures never do. */
const startOf = (purpose: string): string => (purpose === 'thinking' ? 'EqQB' : 'gAAAA');

/** The seal of the upstream with this name. */
export const createSeal = (name: string): Seal => {
	const sign = (purpose: string, payload: string): string =>
		createHmac('sha256', `scripted-upstream:${name}`).update(`${purpose}\n${payload}`).digest('base64url');
	return {
		issue(purpose, text) {
			const payload = Buffer.from(text).toString('base64url');
			return `${startOf(purpose)}${payload}.${sign(purpose, payload)}`;
		},
		verify(purpose, value) {
			const match = /^(?:gAAAA|EqQB)(?<payload>[\w-]*)\.(?<signature>[\w-]+)$/.exec(value);
			return match?.groups !== undefined && sign(purpose, match.groups['payload'] ?? '') === match.groups['signature'];
		},
	};
};
