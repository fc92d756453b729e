import {createRedactor, type Redact} from '../base/redact.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import type {Config} from '../config/config.ts';
import {resolveCredentials, type CredentialContext} from '../config/credentials.ts';

/** Keeps secrets and control characters out of everything that is shown, logged or answered; knows the secrets of now and before. */
export class Cleaner {
	readonly #credentials: CredentialContext;
	readonly #secrets = new Set<string>();
	/** Model names, reasons and folders come with every request again: what they became is remembered, a few at a time. */
	readonly #lines = new Map<string, string>();
	#redact: Redact;

	constructor(token: string, credentials: CredentialContext) {
		this.#credentials = credentials;
		this.#secrets.add(token);
		this.#redact = createRedactor([token]);
	}

	/** Learns the credentials of a configuration; those of earlier ones stay known, since requests may still carry them. */
	learn(config: Config): void {
		for (const {endpoints} of Object.values(config.services)) {
			for (const endpoint of endpoints) {
				const keys = endpoint.accounts.map(account => resolveCredentials(account, this.#credentials));
				const headers = Object.entries(endpoint.headers).filter(([name, value]) => isSecretHeader(name, value));
				this.know([...keys.flatMap(({bearer, apiKey}) => [bearer, apiKey]), ...headers.map(([, value]) => value)]);
			}
		}
	}

	/** Learns single secrets; undefined ones and those that are too short to look for are left out. */
	know(secrets: ReadonlyArray<string | undefined>): void {
		const fresh = secrets.filter(
			secret => secret !== undefined && secret.length >= shortestSecret && !this.#secrets.has(secret),
		);
		if (fresh.length > 0) {
			for (const secret of fresh) {
				this.#secrets.add(secret ?? '');
			}

			this.#redact = createRedactor([...this.#secrets]);
			this.#lines.clear();
		}
	}

	/** Whether a text holds a secret as it is. */
	readonly holdsSecret = (text: string): boolean => {
		for (const secret of this.#secrets) {
			if (text.includes(secret)) {
				return true;
			}
		}

		return false;
	};

	/** The text without any secret. */
	readonly redact: Redact = text => this.#redact(text);

	/** One line that may be drawn as it is. */
	readonly line = (text: string): string => {
		const known = this.#lines.get(text);
		if (known !== undefined) {
			return known;
		}

		const line = sanitizeLine(this.#redact(text));
		if (text.length <= longestRemembered) {
			if (this.#lines.size >= rememberedLines) {
				this.#lines.clear();
			}

			this.#lines.set(text, line);
		}

		return line;
	};
}

const rememberedLines = 500;
const longestRemembered = 300;

/** A shorter value is no secret, and cutting it out of every text would be absurd. */
const shortestSecret = 8;

const secretName = /auth|key|token|secret|cookie|pass|credential/;
const plainName = /^(?:accept.*|user-agent|content-type|.*-(?:beta|version))$/;
const looksRandom = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=-]{20,}$/;

/** `accept: application/json` is no secret: as one it would be cut out of every header and text that holds it. */
const isSecretHeader = (name: string, value: string): boolean =>
	secretName.test(name) || (!plainName.test(name) && looksRandom.test(value));
