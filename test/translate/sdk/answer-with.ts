import {isJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';

/** An answer from the network without one: the client's own machinery reads our bytes in pieces. */
const answerWith = (bytes: Buffer): typeof fetch => {
	const pieceBytes = 61;
	const type = bytes.toString('latin1', 0, 1) === '{' ? 'application/json' : 'text/event-stream';
	return async () => {
		const pieces = Array.from(
			{length: Math.ceil(bytes.length / pieceBytes)},
			(_, index) => new Uint8Array(bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes)),
		);
		return new Response(ReadableStream.from(pieces), {headers: {'content-type': type}});
	};
};

/** What every SDK is made with to read these bytes and nothing else. */
export const connection = (bytes: Buffer) => ({
	apiKey: 'none',
	baseURL: 'http://127.0.0.1:9/v1',
	fetch: answerWith(bytes),
	maxRetries: 0,
});

/** What an SDK returned, without what it added to it (methods, getters). */
export const plain = (value: unknown): JsonObject => {
	const copy: unknown = JSON.parse(JSON.stringify(value));
	return isJsonObject(copy) ? copy : {};
};
