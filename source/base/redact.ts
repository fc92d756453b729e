import {fingerprint} from './ids.ts';

/*
 * Layers 2 and 3 of reliability-security.md SEC-12: values that we know to be secrets, and shapes that only secrets
 * have. (Layer 1 is that events and records have no field for a secret.) Every pattern is linear: it starts where the
 * text before it cannot belong to it, and its repeated classes end where the next part begins.
 */

/** Takes secrets out of a text; the same text comes back where there is none. */
export type Redact = (text: string) => string;

/** Secrets shorter than this are not looked for: they would shred ordinary words. */
const shortestSecret = 6;

/** A part of a secret, from its start or up to its end, is masked from this many characters on. */
const shortestPart = 12;

const mask = '[redacted]';

const patterns: ReadonlyArray<readonly [pattern: RegExp, replacement: string]> = [
	[/-----BEGIN [A-Z ]{0,32}PRIVATE KEY[\s\S]*?(?:-----END [A-Z ]{0,32}-----|$)/g, mask],
	[/(?<![A-Za-z0-9])sk-[\w-]{16,}/g, mask],
	[/(?<![A-Za-z0-9])AIza[\w-]{35}/g, mask],
	[/(?<![A-Za-z0-9])gh[pousr]_\w{20,}/g, mask],
	[/(?<![A-Za-z0-9])github_pat_\w{20,}/g, mask],
	[/(?<![A-Za-z0-9])xox[abprs]-[\w-]{8,}/g, mask],
	[/(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, mask],
	[/(?<![A-Za-z0-9])A[KS]IA\w{16}/g, mask],
	[/(?<![A-Za-z0-9])ya29\.[\w-]+/g, mask],
	[/\b(bearer[ \t]{1,8})(?!\[redacted)[^\s"'<>\\]{6,}/gi, `$1${mask}`],
	[/\b(x-(?:api|goog-api)-key["']?[ \t]{0,8}[:=][ \t]{0,8}["']?)(?!\[redacted)[^\s"'<>\\,;]+/gi, `$1${mask}`],
	[
		/(\\?"(?:refresh_token|client_secret|access_token|id_token|api_key)\\?"\s{0,8}:\s{0,8}\\?")(?!\[redacted)[^"\\]+/gi,
		`$1${mask}`,
	],
	[/(:\/\/)[^/\s:@]{1,256}:[^/\s@]{1,1024}@/g, `$1${mask}@`],
	[
		/([?&](?:key|token|api[_-]key|apikey|access_token|refresh_token|client_secret)=)(?!\[redacted)[^&\s#"'<>\\]+/gi,
		`$1${mask}`,
	],
];

/** The base64 digits that a secret leaves behind at each of the three positions in a group, cut to those it fixes. */
const base64Cores = (secret: string): readonly string[] =>
	[0, 1, 2].map(shift => {
		const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
		const fixedDigits = Math.floor((bytes.length * 8) / 6);
		return bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), fixedDigits);
	});

const spellingsOf = (secret: string): readonly string[] => {
	const inBase64 = base64Cores(secret).filter(core => core.length >= shortestPart - 4);
	const inBase64Url = inBase64.map(core => core.replaceAll('+', '-').replaceAll('/', '_'));
	const inJson = JSON.stringify(secret).slice(1, -1);
	return [...new Set([secret, encodeURIComponent(secret), inJson, ...inBase64, ...inBase64Url])];
};

interface Known {
	readonly spelling: string;
	readonly replacement: string;
}

const maskAll = (text: string, {spelling, replacement}: Known): string =>
	text.includes(spelling) ? text.replaceAll(spelling, replacement) : text;

/** Masks what starts like the secret, as far as it goes on like it. */
const maskHead = (text: string, {spelling, replacement}: Known): string => {
	const head = spelling.slice(0, shortestPart);
	let result = '';
	let from = 0;
	for (let found = text.indexOf(head); found !== -1; found = text.indexOf(head, from)) {
		let end = found + head.length;
		while (end < text.length && text[end] === spelling[end - found]) {
			end++;
		}

		result += text.slice(from, found) + replacement;
		from = end;
	}

	return from === 0 ? text : result + text.slice(from);
};

/** Masks what ends like the secret, as far back as it goes on like it. */
const maskTail = (text: string, {spelling, replacement}: Known): string => {
	const tail = spelling.slice(-shortestPart);
	let result = '';
	let from = 0;
	for (let found = text.indexOf(tail); found !== -1; found = text.indexOf(tail, from)) {
		const end = found + tail.length;
		const offset = end - spelling.length;
		let start = found;
		while (start > from && text[start - 1] === spelling[start - 1 - offset]) {
			start--;
		}

		result += text.slice(from, start) + replacement;
		from = end;
	}

	return from === 0 ? text : result + text.slice(from);
};

/**
 * A function that takes the given secrets out of texts, also in base64, URL-encoded and cut short, and whatever looks
 * like a credential. A known secret becomes `[redacted:` and six hex digits of its fingerprint, so that a person can tell
 * two keys apart; everything else becomes `[redacted]`.
 */
export const createRedactor = (knownSecrets: readonly string[]): Redact => {
	const known = knownSecrets
		.filter(secret => secret.length >= shortestSecret)
		.toSorted((left, right) => right.length - left.length)
		.flatMap(secret =>
			spellingsOf(secret).map(spelling => ({spelling, replacement: `[redacted:${fingerprint(secret, 6)}]`})),
		);
	// Only the plain spelling is looked for in parts: a cut in the middle of base64 is too rare to pay for on every text.
	const parts = known.filter(({spelling}) => spelling.length > shortestPart && knownSecrets.includes(spelling));
	return text => {
		let result = text;
		for (const value of known) {
			result = maskAll(result, value);
		}

		for (const value of parts) {
			result = maskTail(maskHead(result, value), value);
		}

		return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), result);
	};
};
