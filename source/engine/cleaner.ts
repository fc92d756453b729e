import {createRedactor, type Redact} from '../base/redact.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import type {Config} from '../config/config.ts';
import {resolveCredentials, type CredentialContext} from '../config/credentials.ts';

/** Keeps secrets and control characters out of everything that is shown, logged or answered; knows the secrets of now and before. */
export class Cleaner {
	readonly #token: string;
	readonly #credentials: CredentialContext;
	readonly #secrets = new Set<string>();
	#redact: Redact;

	constructor(token: string, credentials: CredentialContext) {
		this.#token = token;
		this.#credentials = credentials;
		this.#secrets.add(token);
		this.#redact = createRedactor([token]);
	}

	/** Learns the credentials of a configuration; those of earlier ones stay known, since requests may still carry them. */
	learn(config: Config): void {
		for (const {endpoints} of Object.values(config.services)) {
			for (const endpoint of endpoints) {
				const {bearer, apiKey} = resolveCredentials(endpoint, this.#credentials);
				for (const secret of [bearer, apiKey, ...Object.values(endpoint.headers)]) {
					if (secret !== undefined && secret.length >= shortestSecret) {
						this.#secrets.add(secret);
					}
				}
			}
		}

		this.#redact = createRedactor([this.#token, ...this.#secrets]);
	}

	/** The text without any secret. */
	readonly redact: Redact = text => this.#redact(text);

	/** One line that may be drawn as it is. */
	readonly line = (text: string): string => sanitizeLine(this.#redact(text));
}

/** A header value such as `blue` is no secret, and cutting it out of every text would be absurd. */
const shortestSecret = 8;
