import type {SeenRequest} from '../../../source/demo/read-request.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';

const plain = new Set(['host', 'connection', 'content-type', 'content-length', 'transfer-encoding', 'accept']);

/** Nothing of the client's own protocol and identity reaches another vendor: only these headers and the credential may come. */
export const checkHeaders = ({headers}: SeenRequest, own: readonly string[]): readonly Fault[] =>
	Object.keys(headers)
		.filter(name => !plain.has(name) && !['accept-encoding', 'user-agent', ...own].includes(name))
		.map(name => fault('foreign-header', `The header ${name} is none of this provider's.`));
