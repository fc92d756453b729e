import type {UpstreamHead} from '../../attempt/sink.ts';
import type {ReplyVerdict} from './reply.ts';

const headerText = (head: UpstreamHead, name: string): string => {
	const value = head.headers[name];
	return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** An answer that is compressed although plain text was asked for; undefined where it is plain. */
export const refusedEncoding = (head: UpstreamHead): ReplyVerdict | undefined => {
	const encoding = headerText(head, 'content-encoding');
	return encoding === '' || encoding === 'identity'
		? undefined
		: {kind: 'garbage', message: `it compressed its stream (${encoding}) although plain text was asked for`};
};

/** A success that is no event stream, by its head; undefined where it may be one. */
export const refusedHead = (head: UpstreamHead): ReplyVerdict | undefined => {
	const type = headerText(head, 'content-type');
	return (
		refusedEncoding(head) ??
		(/json|html/i.test(type) ? {kind: 'garbage', message: `it answered ${type} instead of an event stream`} : undefined)
	);
};
