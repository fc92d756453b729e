import {request as httpRequest} from 'node:http';
import {messageOf, RelayError} from '../../base/errors.ts';

/** A request to our own data listener. */
export interface Knock {
	readonly url: string;
	readonly method: string;
	readonly body: Buffer;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends a request to our own door and lets its answer run off unread: the engine's own capture keeps it. Resolves with the status when
 * the answer has begun. Rejects with RelayError `replay-refused` where the connection breaks before.
 */
export const knock = ({url, method, body, headers}: Knock): Promise<number> =>
	new Promise((resolve, reject) => {
		const request = httpRequest(url, {
			method,
			agent: false,
			headers: {...headers, 'content-type': 'application/json', 'content-length': String(body.length)},
		});
		request.once('response', response => {
			// A cut in the middle is told by the request's own row.
			response.on('error', () => undefined).resume();
			resolve(response.statusCode ?? 0);
		});
		request.on('error', error =>
			reject(
				new RelayError('replay-refused', `The request could not be sent again: ${messageOf(error)}.`, {cause: error}),
			),
		);
		request.end(body);
	});
