import {isUtf8, transcode} from 'node:buffer';

/** Whether bytes are whole, valid UTF-8 (RFC 3629): decoded and encoded again they are the same. */
export const isWholeUtf8 = (bytes: Uint8Array): boolean => isUtf8(bytes);

/** Below this two steps cost more than one. */
const longText = 4096;

/**
 * The bytes of a JSON text of JSON.stringify; one with a lone surrogate, which that never writes, is an error. For a text beyond Latin-1 as most
 * conversations are, `Buffer.from` counts the bytes of each character and then writes it: four times as slow.
 */
export const jsonBytes = (json: string): Buffer =>
	json.length < longText ? Buffer.from(json) : transcode(Buffer.from(json, 'utf16le'), 'utf16le', 'utf8');
