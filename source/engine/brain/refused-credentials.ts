import {fingerprint} from '../../base/ids.ts';
import {resolveCredentials, type CredentialContext} from '../../config/credentials.ts';
import type {CandidateEntry} from './candidate-entry.ts';
import type {StateRows} from './state-store.ts';

/** Which credential each candidate was refused with, by fingerprint; kept over restarts, so that a refused key is not tried again. */
export class RefusedCredentials {
	readonly #store: StateRows;
	readonly #context: CredentialContext;
	/** By candidate; what is in the store, since every plan asks. */
	readonly #prints: Map<string, unknown>;

	constructor(store: StateRows, context: CredentialContext) {
		this.#store = store;
		this.#context = context;
		this.#prints = new Map(store.list('refused'));
	}

	/** The upstream refused what the candidate has now; `login` is the client's own, where it goes through. */
	add(entry: CandidateEntry, login: string | undefined): void {
		this.#set(entry, this.#print(entry, login));
	}

	/** Whether a refused candidate has another credential by now; the refusal is forgotten then. */
	isOver(entry: CandidateEntry, login: string | undefined): boolean {
		const print = this.#print(entry, login);
		const refused = this.#prints.get(entry.target.key);
		if (refused === undefined) {
			// It was refused inside a stream, where nobody looked at the head: with the credential of now.
			this.#set(entry, print);
			return false;
		}

		if (refused !== print) {
			this.#prints.delete(entry.target.key);
			this.#store.delete('refused', entry.target.key);
		}

		return refused !== print;
	}

	#set({target}: CandidateEntry, print: string): void {
		this.#prints.set(target.key, print);
		this.#store.set('refused', target.key, print);
	}

	#print({account}: CandidateEntry, login = ''): string {
		const {bearer = '', apiKey = '', passesClientAuth} = resolveCredentials(account, this.#context);
		return fingerprint([bearer, apiKey, ...(passesClientAuth ? [login] : [])].join('\n'));
	}
}
