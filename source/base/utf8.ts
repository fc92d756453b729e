import {isUtf8} from 'node:buffer';

/** Whether bytes are whole, valid UTF-8 (RFC 3629): decoded and encoded again they are the same. */
export const isWholeUtf8 = (bytes: Uint8Array): boolean => isUtf8(bytes);
