import type {BodyPage} from '../event/protocol.ts';

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A request as a curl command against an engine. `$KEY` stands where the local token goes, and the body is the redacted one: where a
 * secret stood in it, it is not the same request any more.
 */
export const curlText = (url: string, {method, path}: NonNullable<BodyPage['target']>, body: string): string =>
	[
		`curl -sS -X ${method} ${quoted(url + path)}`,
		'-H "authorization: Bearer $KEY"',
		"-H 'content-type: application/json'",
		`--data-binary ${quoted(body)}`,
	].join(' \\\n  ');
