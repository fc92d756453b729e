import type {Endpoint} from '../config/config.ts';
import {endpointLabel} from '../observe/endpoint-label.ts';

/** What a sentence calls an endpoint: `relay-a`, `relay-a/eu`, `relay-a (claude)`. */
export const nameOf = ({key, service}: Pick<Endpoint, 'key' | 'service'>): string =>
	service === 'codex' ? endpointLabel(key) : `${endpointLabel(key)} (${service})`;
