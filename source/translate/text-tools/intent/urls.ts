/* Addresses that a synthesised call may fetch (translation.md 5.5, level 3, row URL). */

const found = /https?:\/\/[^\s"'<>)\]}`\\]+/gi;

/** The addresses in a text, also where it is JSON inside JSON, in order. */
export const urlsIn = (text: string): readonly string[] =>
	(text.replaceAll(String.raw`\/`, '/').match(found) ?? []).map(url => url.replace(/(?<![.,;])[.,;]+$/, ''));

const privateHosts: readonly RegExp[] = [
	/^localhost$|\.(?:localhost|local|internal|lan|home|corp)$/,
	/^(?:0|10|127)\./,
	/^169\.254\./,
	/^192\.168\./,
	/^172\.(?:1[6-9]|2\d|3[01])\./,
	/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
	/^(?:22[4-9]|2[3-5]\d)\./,
];

/** Whether a host is this machine, its network, or none that the public knows: names without a dot are the network's own. */
const isPrivate = (hostname: string): boolean =>
	hostname.startsWith('[') ||
	!hostname.includes('.') ||
	privateHosts.some(pattern => pattern.test(hostname.replace(/\.$/, '')));

/** Who said an address. */
export interface UrlWitness {
	/** What the user wrote. */
	readonly userText: string;
	/** What the user wrote and tools returned. */
	readonly knownText: string;
	/** Addresses that nobody said before are allowed. */
	readonly anyUrl: boolean;
}

const says = (text: string, url: string): boolean => urlsIn(text).includes(url);

/** Whether an address may be fetched: public, without credentials, and said by the user or a tool; a private one only by the user. */
export const mayFetch = (url: string, {userText, knownText, anyUrl}: UrlWitness): boolean => {
	if (!URL.canParse(url)) {
		return false;
	}

	const {protocol, hostname, username, password} = new URL(url);
	const isWeb = protocol === 'http:' || protocol === 'https:';
	if (!isWeb || username !== '' || password !== '') {
		return false;
	}

	return isPrivate(hostname) ? says(userText, url) : anyUrl || says(knownText, url);
};

/** Reads an address and prints its beginning; the address is quoted for the shell. */
export const fetchCommand = (url: string): string =>
	`curl -fsSL --proto '=https,http' --max-redirs 3 --max-time 20 --max-filesize 2000000 -- '${url.replaceAll("'", '%27')}' | head -c 20000`;
